/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate as a small signed file that its holder carries: text that a person can read (proto/LOG.md, "Certificate files").
 * There is one way of writing it: what is read is what would be written. */
#ifndef MINGCE_PROTO_CERTIFICATE_FILE_H
#define MINGCE_PROTO_CERTIFICATE_FILE_H

#include "proto/rules/certificate_number.h"
#include "proto/tlog/merkle.h"
#include "proto/tlog/note.h"

enum {
    CERTIFICATE_FILE_CODE = 33,  /* bytes of an occupation's or an organisation's code, with the NUL */
    CERTIFICATE_FILE_NAME = 401, /* likewise, of their names */
    CERTIFICATE_FILE_TEXT = 2048,
    CERTIFICATE_FILE_NOTE = CERTIFICATE_FILE_TEXT + NOTE_VKEY + 64,
    CERTIFICATE_FILE_HASH = 32,
};

struct certificate_file {
    char number[CERTIFICATE_NUMBER_BYTES];
    enum certificate_kind kind;
    char occupation_code[CERTIFICATE_FILE_CODE], occupation_name[CERTIFICATE_FILE_NAME];
    uint32_t level; /* code of skill_level */
    char issuer_code[CERTIFICATE_FILE_CODE], issuer_name[CERTIFICATE_FILE_NAME];
    day issued_on, as_of;
    bool revoked;
    day since; /* of a revoked one */
    uint8_t salt[CERTIFICATE_FILE_HASH], holder[CERTIFICATE_FILE_HASH];
    uint64_t log_entry;
    merkle_hash log_leaf;
    bool has_log_index;
    uint64_t log_index;
};

/* The holder's line, of a document in its normal form. */
void certificate_file_holder(const uint8_t salt[CERTIFICATE_FILE_HASH], const struct document *,
                             uint8_t holder[CERTIFICATE_FILE_HASH]);
/* The text, NUL-terminated, and its length. False: a value that cannot be written in its line. */
bool certificate_file_format(const struct certificate_file *, char text[CERTIFICATE_FILE_TEXT], size_t *n);
/* False: not the text of a certificate in this form. */
bool certificate_file_parse(const char *text, size_t n, struct certificate_file *);

/* The whole file. False: as certificate_file_format(), or the signature failed. */
bool certificate_file_sign(const struct certificate_file *, const struct note_key *,
                           const uint8_t seed[NOTE_SEED], char note[CERTIFICATE_FILE_NOTE], size_t *n);
enum certificate_file_verdict {
    CERTIFICATE_FILE_GOOD,
    CERTIFICATE_FILE_UNSIGNED, /* not by this key, or altered */
    CERTIFICATE_FILE_UNKNOWN   /* signed, but no certificate, or one in another form */
};
enum certificate_file_verdict certificate_file_open(const char *note, size_t n, const struct note_key *,
                                                    struct certificate_file *);

#endif
