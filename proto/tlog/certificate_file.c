/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/tlog/certificate_file.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/rules/codes.h"
#include "proto/tlog/base64.h"
#include "proto/tlog/line.h"
#include "proto/tlog/sha256.h"

#define HEADER  "mingce.certificate@v1"
#define REVOKED "revoked since"

enum { HASH_TEXT = BASE64_BYTES(CERTIFICATE_FILE_HASH) };

/* enum CertificateKind of proto/certificate.proto. */
static const char *const kinds[] = {NULL,           "职业资格证书",  "职业技能等级证书", "专项职业能力证书",
                                    "培训合格证书", "特种作业操作证"};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

void certificate_file_holder(const uint8_t salt[CERTIFICATE_FILE_HASH], const struct document *document,
                             uint8_t holder[CERTIFICATE_FILE_HASH])
{
    uint8_t bytes[CERTIFICATE_FILE_HASH + 1 + sizeof(document->issuing_country) + DOCUMENT_NUMBER_BYTES];
    size_t country_n = strnlen(document->issuing_country, sizeof(document->issuing_country));
    size_t number_n = strnlen(document->number, DOCUMENT_NUMBER_BYTES), n = CERTIFICATE_FILE_HASH;
    memcpy(bytes, salt, n);
    bytes[n++] = (uint8_t) document->type;
    memcpy(bytes + n, document->issuing_country, country_n);
    n += country_n;
    memcpy(bytes + n, document->number, number_n);
    sha256(bytes, n + number_n, holder);
    OPENSSL_cleanse(bytes, sizeof(bytes));
}

/* ---- writing ---- */

/* Something, and no control character. */
static bool name_good(const char *name)
{
    utf8proc_int32_t point;
    for (const char *at = name; *at != '\0';) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *) at, -1, &point);
        if (step <= 0 || utf8proc_category(point) == UTF8PROC_CATEGORY_CC)
            return false;
        at += step;
    }
    return *name != '\0';
}

/* Capitals, digits and '-'. */
static bool code_good(const char *code)
{
    return *code != '\0' && code[strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")] == '\0';
}

static bool writable(const struct certificate_file *file)
{
    return file->kind >= 1 && (size_t) file->kind < KINDS && file->level <= UINT8_MAX &&
           code_name(CODES_SKILL_LEVEL, (uint8_t) file->level) != NULL && code_good(file->number) &&
           code_good(file->occupation_code) && name_good(file->occupation_name) &&
           code_good(file->issuer_code) && name_good(file->issuer_name) && file->issued_on != DAY_NONE &&
           file->as_of != DAY_NONE && (!file->revoked || file->since != DAY_NONE);
}

bool certificate_file_format(const struct certificate_file *file, char text[CERTIFICATE_FILE_TEXT], size_t *n)
{
    char issued_on[DAY_TEXT], as_of[DAY_TEXT], since[DAY_TEXT], index[64] = "";
    char salt[HASH_TEXT], holder[HASH_TEXT], leaf[HASH_TEXT];
    if (!writable(file))
        return false;
    day_format(file->issued_on, issued_on);
    day_format(file->as_of, as_of);
    day_format(file->revoked ? file->since : file->as_of, since);
    base64_encode(file->salt, CERTIFICATE_FILE_HASH, salt);
    base64_encode(file->holder, CERTIFICATE_FILE_HASH, holder);
    base64_encode(file->log_leaf, MERKLE_HASH, leaf);
    if (file->has_log_index)
        snprintf(index, sizeof(index), "log-index: %" PRIu64 "\n", file->log_index);
    int length = snprintf(
        text, CERTIFICATE_FILE_TEXT,
        HEADER "\nnumber: %s\nkind: %d %s\noccupation: %s %s\nlevel: %" PRIu32 " %s\nissuer: %s %s\n"
               "issued-on: %s\nas-of: %s\nstatus: %s%s\nsalt: %s\nholder: %s\nlog-entry: %" PRIu64 " %s\n%s",
        file->number, (int) file->kind, kinds[file->kind], file->occupation_code, file->occupation_name,
        file->level, code_name(CODES_SKILL_LEVEL, (uint8_t) file->level), file->issuer_code,
        file->issuer_name, issued_on, as_of, file->revoked ? REVOKED " " : "valid",
        file->revoked ? since : "", salt, holder, file->log_entry, leaf, index);
    *n = (size_t) length;
    return length > 0 && length < CERTIFICATE_FILE_TEXT;
}

/* ---- reading ---- */

struct reader {
    const char *at, *end;
    bool good; /* so far */
};

/* The value of the next line, which is that field's. NULL: it is another line, or there is none. */
static const char *value_next(struct reader *reader, const char *field, size_t *n)
{
    const char *line = reader->good ? line_next(&reader->at, reader->end, n) : NULL;
    const char *value = line == NULL ? NULL : line_after(line, field, n);
    reader->good = value != NULL;
    return value;
}

static void text_take(struct reader *reader, const char *from, size_t n, char *to, size_t room)
{
    reader->good = reader->good && n < room && memchr(from, '\0', n) == NULL;
    if (!reader->good)
        return;
    memcpy(to, from, n);
    to[n] = '\0';
}

/* A line of a code and a name. */
static void pair_read(struct reader *reader, const char *field, char code[CERTIFICATE_FILE_CODE],
                      char name[CERTIFICATE_FILE_NAME])
{
    size_t n = 0;
    const char *value = value_next(reader, field, &n);
    const char *blank = value == NULL ? NULL : memchr(value, ' ', n);
    size_t code_n = blank == NULL ? 0 : (size_t) (blank - value);
    reader->good = blank != NULL;
    text_take(reader, value, code_n, code, CERTIFICATE_FILE_CODE);
    text_take(reader, blank == NULL ? NULL : blank + 1, n - code_n - (blank != NULL), name,
              CERTIFICATE_FILE_NAME);
}

/* A line of a number and something behind it, which is given back. */
static const char *number_read(struct reader *reader, const char *field, uint64_t *number, size_t *n)
{
    const char *value = value_next(reader, field, n);
    const char *blank = value == NULL ? NULL : memchr(value, ' ', *n);
    reader->good = blank != NULL && line_decimal(value, (size_t) (blank - value), number);
    if (!reader->good)
        return NULL;
    *n -= (size_t) (blank + 1 - value);
    return blank + 1;
}

static day day_take(const char *value, size_t n)
{
    char text[DAY_TEXT] = "";
    if (value == NULL || n != DAY_TEXT - 1)
        return DAY_NONE;
    memcpy(text, value, n);
    return day_parse(text);
}

static void day_read(struct reader *reader, const char *field, day *on)
{
    size_t n = 0;
    const char *value = value_next(reader, field, &n);
    *on = day_take(value, n);
    reader->good = *on != DAY_NONE;
}

static void hash_read(struct reader *reader, const char *field, uint8_t hash[CERTIFICATE_FILE_HASH])
{
    size_t n = 0;
    const char *value = value_next(reader, field, &n);
    reader->good = value != NULL && line_hash(value, n, hash);
}

static void status_read(struct reader *reader, struct certificate_file *file)
{
    size_t n = 0;
    const char *value = value_next(reader, "status:", &n);
    const char *since = value == NULL ? NULL : line_after(value, REVOKED, &n);
    file->revoked = since != NULL;
    file->since = day_take(since, n);
    reader->good = value != NULL && (!file->revoked || file->since != DAY_NONE);
}

static void log_read(struct reader *reader, struct certificate_file *file)
{
    size_t n = 0;
    const char *leaf = number_read(reader, "log-entry:", &file->log_entry, &n);
    reader->good = leaf != NULL && line_hash(leaf, n, file->log_leaf);
    file->has_log_index = reader->good && reader->at != reader->end;
    if (!file->has_log_index)
        return;
    const char *index = value_next(reader, "log-index:", &n);
    reader->good = index != NULL && line_decimal(index, n, &file->log_index);
}

bool certificate_file_parse(const char *text, size_t n, struct certificate_file *file)
{
    char again[CERTIFICATE_FILE_TEXT];
    size_t value_n = 0, again_n;
    uint64_t kind = 0, level = 0;
    struct reader reader = {.at = text, .end = text + n};
    memset(file, 0, sizeof(*file));
    reader.good = line_next(&reader.at, reader.end, &value_n) != NULL;
    const char *number = value_next(&reader, "number:", &value_n);
    text_take(&reader, number, value_n, file->number, sizeof(file->number));
    (void) number_read(&reader, "kind:", &kind, &value_n);
    pair_read(&reader, "occupation:", file->occupation_code, file->occupation_name);
    (void) number_read(&reader, "level:", &level, &value_n);
    pair_read(&reader, "issuer:", file->issuer_code, file->issuer_name);
    day_read(&reader, "issued-on:", &file->issued_on);
    day_read(&reader, "as-of:", &file->as_of);
    status_read(&reader, file);
    hash_read(&reader, "salt:", file->salt);
    hash_read(&reader, "holder:", file->holder);
    log_read(&reader, file);
    if (!reader.good || kind >= KINDS || level > UINT8_MAX)
        return false;
    file->kind = (enum certificate_kind) kind;
    file->level = (uint32_t) level;
    return certificate_file_format(file, again, &again_n) && again_n == n && memcmp(again, text, n) == 0;
}

/* ---- the signed file ---- */

bool certificate_file_sign(const struct certificate_file *file, const struct note_key *key,
                           const uint8_t seed[NOTE_SEED], char note[CERTIFICATE_FILE_NOTE], size_t *n)
{
    size_t text_n, line_n;
    if (!certificate_file_format(file, note, &text_n))
        return false;
    note[text_n] = '\n';
    *n = text_n + 1;
    if (!note_sign(note, text_n, key, seed, 0, note + *n, CERTIFICATE_FILE_NOTE - *n, &line_n))
        return false;
    *n += line_n;
    return true;
}

enum certificate_file_verdict certificate_file_open(const char *note, size_t n, const struct note_key *key,
                                                    struct certificate_file *file)
{
    size_t text_n;
    if (note_open(note, n, key, 1, &text_n, NULL, NULL) != NOTE_GOOD)
        return CERTIFICATE_FILE_UNSIGNED;
    return certificate_file_parse(note, text_n, file) ? CERTIFICATE_FILE_GOOD : CERTIFICATE_FILE_UNKNOWN;
}
