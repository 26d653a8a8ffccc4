/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations, scopes, operators, occupations. Each may be repeated: what is there already stays as it is. */
#include <csv.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/audit/entry.h"
#include "daemon/base/clock.h"
#include "daemon/crypto/client_certificate.h"
#include "daemon/crypto/identity.h"
#include "daemon/crypto/seal.h"
#include "daemon/setup_internal.h"
#include "proto/file/pem.h"
#include "proto/record.pb-c.h"
#include "proto/rules/cell.h"
#include "proto/rules/credit_code.h"
#include "proto/rules/day.h"
#include "proto/rules/mend.h"
#include "proto/rules/person_name.h"
#include "proto/wire/hex.h"

enum { OPTIONS = 6, ARGUMENTS = 9, UUID_TEXT = 37, SENTENCE = 1024, LINE = 512 };

/* The options of a command, each with a value; `optional` ones may be missing. */
struct option_values {
    const char *names[OPTIONS];
    const char *optional;
    const char *values[OPTIONS];
};

static bool options_read(struct option_values *options, int argc, char **argv)
{
    struct option table[OPTIONS + 1] = {{NULL, 0, NULL, 0}};
    int option, index = 0;
    for (int i = 0; i < OPTIONS && options->names[i] != NULL; i++)
        table[i] = (struct option){options->names[i], required_argument, NULL, 1};
    optind = 0;
    /* ":" keeps getopt silent: its sentence would repeat the value, a person's name perhaps */
    while ((option = getopt_long(argc, argv, ":", table, &index)) != -1) {
        if (option != 1) {
            setup_fail(option == ':' ? "an option has no value" : "there is no option of this name");
            return false;
        }
        options->values[index] = optarg;
    }
    for (int i = 0; i < OPTIONS && options->names[i] != NULL; i++)
        if (options->values[i] == NULL &&
            (options->optional == NULL || strcmp(options->names[i], options->optional) != 0)) {
            setup_fail("--%s is missing", options->names[i]);
            return false;
        }
    return optind == argc;
}

static void uuid_text(char text[UUID_TEXT], const uint8_t uuid[16])
{
    char digits[33];
    hex_write(uuid, 16, digits);
    snprintf(text, UUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%s", digits, digits + 8, digits + 12, digits + 16,
             digits + 20);
}

/* The number of `word` in a NULL-terminated list, from 1; 0: not there. */
static int word_number(const char *const *words, const char *word)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return i + 1;
    return 0;
}

static bool division_shaped(const char *code)
{
    return strlen(code) == 6 && strspn(code, "0123456789") == 6;
}

/* Runs an admin function whose last argument is the entry's head. */
static int call_admin(const struct settings *settings, const char *method, const char *said, const char *sql,
                      const struct setup_value *values, int n, struct setup_answer *answer)
{
    struct setup_value all[ARGUMENTS];
    struct setup_head head;
    setup_head(&head, method, said);
    memcpy(all, values, (size_t) n * sizeof(*all));
    all[n] = (struct setup_value){head.bytes, (int) head.n};
    PGconn *pg = setup_connect(settings);
    if (pg == NULL)
        return SETUP_FAILED;
    bool good = setup_query(pg, method, sql, all, n + 1, answer);
    PQfinish(pg);
    return good ? SETUP_DONE : SETUP_FAILED;
}

int setup_organisation(const struct settings *settings, int argc, char **argv)
{
    static const char *const kinds[] = {
        "institution",       "enterprise", "assessment-body", "city-bureau",      "county-bureau",
        "provincial-bureau", "department", "auditor",         "verifying-agency", NULL};
    struct option_values options = {
        {"code", "name", "kind", "division", "override-reason"}, "override-reason", {NULL}};
    char code[CREDIT_CODE_BYTES], id[UUID_TEXT], kind[12], said[SENTENCE];
    uint8_t uuid[16];
    if (!options_read(&options, argc, argv))
        return SETUP_USAGE;
    const char *const *given = options.values;
    enum reason reason = credit_code_parse(given[0], code);
    bool overridden = reason == REASON_CREDIT_CODE_CHECKSUM && given[4] != NULL && given[4][0] != '\0';
    if (reason != REASON_NONE && !overridden)
        return setup_fail("--code: %s / %s", reason_text(reason)->zh, reason_text(reason)->en);
    snprintf(kind, sizeof(kind), "%d", word_number(kinds, given[2]));
    if (strcmp(kind, "0") == 0)
        return setup_fail("--kind: unknown; see mingced organisation --help");
    if (!division_shaped(given[3]))
        return setup_fail("--division: six digits (GB/T 2260), as 370100");
    crypto_uuid(uuid);
    uuid_text(id, uuid);
    snprintf(said, sizeof(said), "%s\n%s\n%s\n%s\n%s", code, given[1], kind, given[3],
             overridden ? given[4] : "");
    const struct setup_value values[] = {{id, 0},   {code, 0},     {given[1], 0},
                                         {kind, 0}, {given[3], 0}, {overridden ? given[4] : NULL, 0}};
    return call_admin(settings, "setup.organisation", said,
                      "SELECT admin.organisation_register($1::uuid, $2, $3, $4::int2, $5, $6, $7)", values, 6,
                      NULL);
}

int setup_scope(const struct settings *settings, int argc, char **argv)
{
    static const char *const levels[] = {"apprentice",
                                         "junior",
                                         "intermediate",
                                         "senior",
                                         "technician",
                                         "senior-technician",
                                         "distinguished-technician",
                                         "chief-technician",
                                         "none",
                                         NULL};
    struct option_values options = {{"organisation", "occupation", "level", "from", "to"}, "to", {NULL}};
    char level[12], said[SENTENCE];
    if (!options_read(&options, argc, argv))
        return SETUP_USAGE;
    const char *const *given = options.values;
    snprintf(level, sizeof(level), "%d", word_number(levels, given[2]));
    if (strcmp(level, "0") == 0)
        return setup_fail("--level: unknown; see mingced scope --help");
    day from = day_parse(given[3]), to = given[4] == NULL ? DAY_NONE : day_parse(given[4]);
    if (from == DAY_NONE || (given[4] != NULL && (to == DAY_NONE || to < from)))
        return setup_fail("--from, --to: days as 2026-01-31, in order");
    snprintf(said, sizeof(said), "%s\n%s\n%s\n%s\n%s", given[0], given[1], level, given[3],
             given[4] != NULL ? given[4] : "");
    const struct setup_value values[] = {
        {given[0], 0}, {given[1], 0}, {level, 0}, {given[3], 0}, {given[4], 0}};
    return call_admin(settings, "setup.scope", said,
                      "SELECT admin.scope_add($1, $2, $3::int2, $4::date, $5::date, $6)", values, 5, NULL);
}

/* The hash of the key that a login is recognised by. False: nobody can log in with it, and it has been said why. */
static bool key_hash(const struct settings *settings, const char *path, uint8_t hash[32])
{
    STACK_OF(X509) *chain = pem_certificates(path);
    if (chain == NULL) {
        setup_fail("%s: %s", path, errno != 0 ? strerror(errno) : "not a certificate in PEM form");
        return false;
    }
    enum reason reason = client_certificate_judge(chain, settings, hash);
    pem_free(chain);
    if (reason != REASON_NONE)
        setup_fail("%s: %s / %s", path, reason_text(reason)->zh, reason_text(reason)->en);
    return reason == REASON_NONE;
}

/* A document's number is no argument, which others could see: it is asked for, or a line of standard input. */
static bool ask_document(const char *type, struct document *document)
{
    char line[LINE];
    if (isatty(STDIN_FILENO))
        fputs("证件号码 / document number: ", stderr);
    if (fgets(line, sizeof(line), stdin) == NULL)
        line[0] = '\0';
    if (mend_is_utf16(line, strlen(line)))
        return setup_fail("%s", MEND_UTF16) == SETUP_DONE;
    enum reason reason =
        identity_parse(type == NULL ? "" : type, mend_line(line), day_at(clock_wall_ms()), document);
    OPENSSL_cleanse(line, sizeof(line));
    if (reason != REASON_NONE)
        setup_fail("%s: %s / %s",
                   reason == REASON_DOCUMENT_TYPE_UNKNOWN || reason == REASON_OPERATOR_DOCUMENT
                       ? "--type"
                       : "证件号码 / document number",
                   reason_text(reason)->zh, reason_text(reason)->en);
    return reason == REASON_NONE;
}

/* What is sealed of an operator: the name under its id, and the document. */
static bool seal_operator(const struct settings *settings, const uint8_t id[16], const char *given,
                          const struct document *document, struct sealed_record *sealed,
                          struct identity *identity)
{
    char name[PERSON_NAME_BYTES];
    enum reason dot, space, reason = person_name_parse(given, name, &dot, &space);
    const char *why = "";
    if (reason != REASON_NONE) {
        setup_fail("--name: %s / %s", reason_text(reason)->zh, reason_text(reason)->en);
        return false;
    }
    struct keyring *keys = keyring_load(settings->key_ring, &why);
    if (keys == NULL) {
        setup_fail("key_ring %s: %s", settings->key_ring, why);
        return false;
    }
    Mingce__V1__OperatorRecord record = MINGCE__V1__OPERATOR_RECORD__INIT;
    record.name = name;
    bool good = record_seal(keys, id, &record.base, sealed) && identity_seal(keys, document, identity);
    keyring_free(keys);
    if (!good)
        setup_fail("the operator could not be sealed");
    return good;
}

/* "clerk,reviewer" as the text of an array; the database's constraint judges the words. */
static bool roles_array(const char *given, char *out, size_t size)
{
    bool plain = given[strspn(given, "abcdefghijklmnopqrstuvwxyz,")] == '\0';
    int n = snprintf(out, size, "{%s}", given);
    if (!plain || n < 0 || (size_t) n >= size) {
        setup_fail("--role: unknown; see mingced operator --help");
        return false;
    }
    return true;
}

int setup_operator(const struct settings *settings, int argc, char **argv)
{
    struct option_values options = {{"organisation", "name", "role", "certificate", "type"}, "type", {NULL}};
    char id[UUID_TEXT], human[UUID_TEXT], roles[128], said[SENTENCE], digits[65];
    uint8_t uuid[16], hash[32];
    struct document document;
    struct sealed_record sealed;
    struct identity identity;
    struct setup_answer answer;
    if (!options_read(&options, argc, argv))
        return SETUP_USAGE;
    const char *const *given = options.values;
    crypto_uuid(uuid);
    uuid_text(id, uuid);
    if (!roles_array(given[2], roles, sizeof(roles)) || !key_hash(settings, given[3], hash) ||
        !ask_document(given[4], &document) ||
        !seal_operator(settings, uuid, given[1], &document, &sealed, &identity))
        return SETUP_FAILED;
    uuid_text(human, identity.human_id);
    hex_write(hash, sizeof(hash), digits);
    snprintf(said, sizeof(said), "%s\n%s\n%s", given[0], roles, digits);
    const struct setup_value values[] = {{given[0], 0},
                                         {id, 0},
                                         {sealed.bytes, (int) sealed.n},
                                         {roles, 0},
                                         {hash, 32},
                                         {human, 0},
                                         {identity.index, INDEX_BYTES},
                                         {identity.sealed.bytes, (int) identity.sealed.n}};
    int status =
        call_admin(settings, "setup.operator", said,
                   "SELECT admin.operator_add($1, $2::uuid, $3, $4::text[], $5, $6::uuid, $7, $8, $9)",
                   values, 8, &answer);
    if (status == SETUP_DONE)
        printf("%s\n", answer.text);
    return status;
}

/* A file of occupations as the texts of two arrays. */
struct occupations {
    FILE *codes, *names;
    char *field[2];
    int column;
    size_t rows, line;
    bool wrong;
};

static void put_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

/* A cell as everywhere (proto/rules/cell.h): the code, or the name. NULL: out of memory, or longer than any. */
static char *clean_field(const char *bytes, size_t n, bool code)
{
    enum { NAME = 100 /* characters */ };
    char cell[1024], clean[1024];
    bool control;
    if (n >= sizeof(cell))
        return NULL;
    memcpy(cell, bytes, n);
    cell[n] = '\0';
    bool good = code ? cell_number(cell, clean, sizeof(clean))
                     : cell_text(cell, NAME, clean, sizeof(clean), &control) && !control;
    return good ? strdup(clean) : NULL;
}

static void on_field(void *bytes, size_t n, void *context)
{
    struct occupations *file = context;
    if (file->column < 2) {
        file->field[file->column] = clean_field(bytes == NULL ? "" : bytes, n, file->column == 0);
        file->wrong = file->wrong || file->field[file->column] == NULL;
    }
    file->column++;
}

/* The first row is a header unless its code begins as one. */
static void on_row(int terminator, void *context)
{
    struct occupations *file = context;
    (void) terminator;
    file->line++;
    char *code = file->field[0], *name = file->field[1];
    bool whole = code != NULL && name != NULL && code[0] != '\0' && name[0] != '\0';
    if (whole && code[strspn(code, "0123456789-")] == '\0') {
        const char *comma = file->rows++ > 0 ? "," : "";
        fputs(comma, file->codes);
        fputs(comma, file->names);
        put_quoted(file->codes, code);
        put_quoted(file->names, name);
    } else if (file->line > 1 || (code != NULL && isdigit((unsigned char) code[0]))) {
        setup_fail("row %zu: a code as 4-10-01-06 and a name are expected", file->line);
        file->wrong = true;
    }
    free(code);
    free(name);
    file->field[0] = file->field[1] = NULL;
    file->column = 0;
}

/* Of the mark that spreadsheets put before UTF-8: it is no part of the first code. */
static size_t mark_length(const char *chunk, size_t n)
{
    return n >= 3 && memcmp(chunk, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static bool occupations_read(FILE *in, struct occupations *file)
{
    struct csv_parser parser;
    char chunk[8192];
    size_t n;
    if (csv_init(&parser, CSV_APPEND_NULL) != 0)
        return false;
    fputc('{', file->codes);
    fputc('{', file->names);
    for (bool first = true; (n = fread(chunk, 1, sizeof(chunk), in)) > 0; first = false) {
        size_t mark = first ? mark_length(chunk, n) : 0;
        if (first && mend_is_utf16(chunk, n)) {
            file->wrong = true;
            setup_fail("%s", MEND_UTF16);
            break;
        }
        if (csv_parse(&parser, chunk + mark, n - mark, on_field, on_row, file) != n - mark)
            file->wrong = true;
    }
    csv_fini(&parser, on_field, on_row, file);
    csv_free(&parser);
    fputc('}', file->codes);
    fputc('}', file->names);
    return !ferror(in) && !file->wrong;
}

int setup_occupations(const struct settings *settings, int argc, char **argv)
{
    struct occupations file = {0};
    struct setup_answer answer;
    char *codes = NULL, *names = NULL;
    size_t codes_n = 0, names_n = 0;
    int status = SETUP_FAILED;
    if (argc != 2)
        return SETUP_USAGE;
    FILE *in = fopen(argv[1], "r");
    if (in == NULL)
        return setup_fail("%s: %s", argv[1], strerror(errno));
    file.codes = open_memstream(&codes, &codes_n);
    file.names = open_memstream(&names, &names_n);
    bool good = file.codes != NULL && file.names != NULL && occupations_read(in, &file);
    fclose(in);
    good = (file.codes == NULL || fclose(file.codes) == 0) &&
           (file.names == NULL || fclose(file.names) == 0) && good;
    if (good && file.rows > 0) {
        const struct setup_value values[] = {{codes, 0}, {names, 0}};
        status = call_admin(settings, "setup.occupations", codes,
                            "SELECT admin.occupation_put($1::text[], $2::text[], $3)", values, 2, &answer);
        if (status == SETUP_DONE)
            printf("%zu rows, %s new or renamed\n", file.rows, answer.text);
    } else {
        setup_fail("%s: no occupations were taken from it", argv[1]);
    }
    free(codes);
    free(names);
    return status;
}
