/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/settings.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/mend.h"

enum setting_type { SETTING_TEXT, SETTING_NUMBER, SETTING_LEVEL, SETTING_CONNINFO };

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;
    const char *fallback;
    uint32_t least, most; /* numbers */
    bool reloads;         /* taken up by SIGHUP */
    const char *help;
};

#define TEXT(name, fallback, reloads, help)                                                                  \
    {                                                                                                        \
#name, SETTING_TEXT, offsetof(struct settings, name), fallback, 0, 0, reloads, help                  \
    }
#define CONNINFO(name, help)                                                                                 \
    {                                                                                                        \
#name, SETTING_CONNINFO, offsetof(struct settings, name), "", 0, 0, true, help                       \
    }
#define NUMBER(name, fallback, least, most, reloads, help)                                                   \
    {                                                                                                        \
#name, SETTING_NUMBER, offsetof(struct settings, name), fallback, least, most, reloads, help         \
    }

static const struct setting table[] = {
    TEXT(listen, "127.0.0.1:7443", false, "address:port; not used when systemd passes sockets"),
    TEXT(metrics_listen, "", false,
         "address:port or /path of a socket for GET /metrics and /health; empty: none"),
    TEXT(database_directory, "", false,
         "where PostgreSQL keeps its files, if on this host, for its free space"),
    TEXT(tls_certificate, "", true, "PEM file: the server's certificate chain"),
    TEXT(tls_key, "", true, "PEM file: its private key"),
    TEXT(tls_client_ca, "", true, "PEM file: authorities of client certificates"),
    CONNINFO(database, "libpq connection string of the daemon's role"),
    CONNINFO(owner_database, "libpq connection string of the schema's owner, for installation commands"),
    CONNINFO(notary_database, "libpq connection string of the notary's role"),
    TEXT(log_key, "", false, "file of the audit log's signing key; empty: nothing is signed"),
    TEXT(log_state, "", false, "file that keeps the last checkpoint signed on this host"),
    TEXT(receipt_key, "", false, "file of the key that signs receipts; empty: none are given"),
    TEXT(certificate_key, "", false, "file of the key that signs certificates' files; empty: none are given"),
    TEXT(witnesses, "", false, "file of the witnesses that cosign the log, `URL KEY` a line; empty: none"),
    TEXT(key_ring, "", false, "file of the sealing and index keys, readable by the service only"),
    NUMBER(workers, "1", 1, 64, false, "processes that serve"),
    NUMBER(database_connections, "2", 1, 64, false, "database connections of a worker"),
    NUMBER(database_pipeline, "1", 1, 64, true, "sets in flight on a database connection"),
    NUMBER(set_rows, "512", 1, 10000, true, "lines sent to the database in one set"),
    NUMBER(queue_bytes, "16777216", 65536, 1 << 30, true, "bytes of a worker that may wait for the database"),
    NUMBER(frame_bytes, "1048576", 4096, 1 << 26, true, "longest frame in bytes"),
    NUMBER(in_flight, "64", 1, 4096, true, "unanswered requests of a connection"),
    NUMBER(connections, "10000", 1, 1000000, true, "connections of a worker"),
    NUMBER(operator_connections, "256", 0, 1000000, true,
           "connections of an operator to a worker; 0: no limit"),
    NUMBER(organisation_connections, "1000", 0, 1000000, true,
           "connections of an organisation to a worker; 0: no limit"),
    NUMBER(address_connections, "2000", 0, 1000000, true,
           "connections of an address to a worker; 0: no limit"),
    NUMBER(frames_bytes, "67108864", 0, 1 << 30, true,
           "bytes of a worker in frames that are not whole yet, and again in answers not read; 0: no limit"),
    NUMBER(idle_ms, "900000", 0, 86400000, true,
           "time of a connection without a request, in milliseconds; 0: no limit"),
    NUMBER(deadline_ms, "30000", 10, 600000, true, "longest time of a request, in milliseconds"),
    NUMBER(roster_rows, "500", 1, 5000, true, "rows of one roster request"),
    NUMBER(page_rows, "200", 1, 1000, true, "rows of one page of a list"),
    NUMBER(request_memory, "8388608", 65536, 1 << 28, true, "memory of one request in bytes"),
    NUMBER(handshake_ms, "10000", 100, 120000, true, "time for a TLS handshake, in milliseconds"),
    NUMBER(frame_ms, "30000", 100, 600000, true, "time for a frame that has begun, in milliseconds"),
    NUMBER(drain_ms, "10000", 0, 600000, true,
           "time to finish what is in flight at SIGTERM, in milliseconds"),
    {"log_level", SETTING_LEVEL, offsetof(struct settings, log_level), "info", 0, 0, true,
     "debug info warn error"},
};

static const char *const levels[] = {"debug", "info", "warn", "error"};

static char **text_of(const struct settings *settings, const struct setting *setting)
{
    return (char **) (void *) ((char *) (uintptr_t) settings + setting->offset);
}

static uint32_t *number_of(const struct settings *settings, const struct setting *setting)
{
    return (uint32_t *) (void *) ((char *) (uintptr_t) settings + setting->offset);
}

static const struct setting *setting_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static bool set_number(struct settings *settings, const struct setting *setting, const char *value, char *why,
                       size_t n)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (!isdigit((unsigned char) *value) || *end != '\0' || errno != 0 || number < setting->least ||
        number > setting->most) {
        snprintf(why, n, "%s must be a number from %u to %u", setting->name, setting->least, setting->most);
        return false;
    }
    *number_of(settings, setting) = (uint32_t) number;
    return true;
}

static bool set_level(struct settings *settings, const char *value, char *why, size_t n)
{
    for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
        if (strcmp(levels[i], value) == 0) {
            settings->log_level = (enum log_level) i;
            return true;
        }
    snprintf(why, n, "log_level must be one of: debug info warn error");
    return false;
}

static bool set_value(struct settings *settings, const struct setting *setting, const char *value, char *why,
                      size_t n)
{
    if (setting->type == SETTING_NUMBER)
        return set_number(settings, setting, value, why, n);
    if (setting->type == SETTING_LEVEL)
        return set_level(settings, value, why, n);
    char *copy = strdup(value);
    if (copy == NULL) {
        snprintf(why, n, "out of memory");
        return false;
    }
    free(*text_of(settings, setting));
    *text_of(settings, setting) = copy;
    return true;
}

/* One line of the file; blank lines and comments say nothing. */
static bool take_line(struct settings *settings, char *line, size_t length, bool given[], char *why, size_t n)
{
    if (mend_is_utf16(line, length)) {
        snprintf(why, n, MEND_UTF16);
        return false;
    }
    if (strlen(line) != length) {
        snprintf(why, n, "a NUL byte: this is not a text file");
        return false;
    }
    char *name = mend_line(line);
    if (*name == '\0' || *name == '#')
        return true;
    char *equals = strchr(name, '=');
    if (equals == NULL) {
        snprintf(why, n, "expected `name = value`");
        return false;
    }
    *equals = '\0';
    name = mend_line(name);
    const struct setting *setting = setting_named(name);
    if (setting == NULL) {
        snprintf(why, n, "unknown setting `%.40s`; --check-config without a file prints them all", name);
        return false;
    }
    if (given[setting - table]) {
        snprintf(why, n, "%s is set twice", setting->name);
        return false;
    }
    given[setting - table] = true;
    return set_value(settings, setting, mend_line(equals + 1), why, n);
}

static bool take_file(struct settings *settings, const char *path, char *error, size_t error_n)
{
    bool given[ARRAY_SIZE(table)] = {false}, good = true;
    char *line = NULL, why[256];
    size_t room = 0, number = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(error, error_n, "%s: %s", path, strerror(errno));
        return false;
    }
    ssize_t n;
    while (good && (n = getline(&line, &room, file)) >= 0) {
        number++;
        good = take_line(settings, line, (size_t) n, given, why, sizeof(why));
    }
    if (!good)
        snprintf(error, error_n, "%s:%zu: %s", path, number, why);
    else if (ferror(file))
        snprintf(error, error_n, "%s: cannot be read", path);
    good = good && !ferror(file);
    free(line);
    fclose(file);
    return good;
}

static bool take_environment(struct settings *settings, char *error, size_t error_n)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        char name[64], why[256];
        snprintf(name, sizeof(name), "MINGCED_%s", table[i].name);
        for (char *at = name; *at != '\0'; at++)
            *at = (char) toupper((unsigned char) *at);
        const char *value = getenv(name);
        if (value != NULL && !set_value(settings, &table[i], value, why, sizeof(why))) {
            snprintf(error, error_n, "%s: %s", name, why);
            return false;
        }
    }
    return true;
}

bool settings_load(struct settings *settings, const char *path, char *error, size_t error_n)
{
    *settings = (struct settings){0};
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (!set_value(settings, &table[i], table[i].fallback, error, error_n)) {
            settings_free(settings);
            return false;
        }
    if ((path == NULL || take_file(settings, path, error, error_n)) &&
        take_environment(settings, error, error_n))
        return true;
    settings_free(settings);
    return false;
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++)
        if (table[i].type == SETTING_TEXT || table[i].type == SETTING_CONNINFO)
            free(*text_of(settings, &table[i]));
    *settings = (struct settings){0};
}

static bool secret(const char *key, size_t n)
{
    static const char *const keys[] = {"password", "sslpassword"};
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (strlen(keys[i]) == n && strncmp(keys[i], key, n) == 0)
            return true;
    return false;
}

static const char blanks[] = " \t\n\v\f\r"; /* what separates pairs for libpq */

/* The end of a conninfo's value: quoted or up to a blank; a backslash takes the next character along. */
static const char *value_end(const char *at)
{
    const char *stop = *at == '\'' ? "'" : blanks;
    for (at += *stop == '\''; *at != '\0' && strchr(stop, *at) == NULL; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
    return at + (*at == '\'');
}

/* A conninfo of the form `key=value key = 'value'`, secret values left out. */
static void print_pairs(const char *at, FILE *out)
{
    while (*at != '\0') {
        const char *key = at + strspn(at, blanks);
        size_t n = strcspn(key, " \t\n\v\f\r=");
        const char *value = key + n + strspn(key + n, blanks);
        if (*value == '=')
            value += 1 + strspn(value + 1, blanks);
        const char *end = value_end(value);
        fprintf(out, "%.*s%.*s", (int) (value - at), at, secret(key, n) ? 3 : (int) (end - value),
                secret(key, n) ? "***" : value);
        at = end;
    }
}

/* postgresql://user:password@host/name?key=value: the password and all parameters are left out. A `/` or `?`
 * before an `@` may be part of a password: then nothing is shown from the first `:` or `?` on. */
static void print_uri(const char *uri, FILE *out)
{
    const char *authority = strstr(uri, "://") + 3;
    const char *end = authority + strcspn(authority, "/?");
    const char *host = memrchr(authority, '@', (size_t) (end - authority));
    const char *colon = host == NULL ? NULL : memchr(authority, ':', (size_t) (host - authority));
    const char *question = strchr(end, '?');
    if (strchr(end, '@') != NULL) {
        const char *cut = authority + strcspn(authority, ":?");
        fprintf(out, "%.*s%s", (int) (cut - uri) + (*cut != '\0'), uri, *cut == '\0' ? "" : "***");
        return;
    }
    fprintf(out, "%.*s", (int) ((colon == NULL ? end : colon) - uri), uri);
    if (colon != NULL)
        fprintf(out, ":***%.*s", (int) (end - host), host);
    fprintf(out, "%.*s%s", (int) (question == NULL ? strlen(end) : (size_t) (question - end)), end,
            question == NULL ? "" : "?***");
}

static void print_conninfo(const char *conninfo, FILE *out)
{
    if (strncmp(conninfo, "postgresql://", 13) == 0 || strncmp(conninfo, "postgres://", 11) == 0)
        print_uri(conninfo, out);
    else
        print_pairs(conninfo, out);
}

void settings_print(const struct settings *settings, FILE *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        const struct setting *setting = &table[i];
        fprintf(out, "# %s%s\n%s = ", setting->help, setting->reloads ? "" : " (restart)", setting->name);
        if (setting->type == SETTING_NUMBER)
            fprintf(out, "%u", *number_of(settings, setting));
        else if (setting->type == SETTING_LEVEL)
            fputs(levels[settings->log_level], out);
        else if (setting->type == SETTING_CONNINFO)
            print_conninfo(*text_of(settings, setting), out);
        else
            fputs(*text_of(settings, setting), out);
        fputc('\n', out);
    }
}

const char *settings_check_reload(const struct settings *running, const struct settings *fresh)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        const struct setting *setting = &table[i];
        if (setting->reloads)
            continue;
        bool same = setting->type == SETTING_NUMBER
                        ? *number_of(running, setting) == *number_of(fresh, setting)
                        : strcmp(*text_of(running, setting), *text_of(fresh, setting)) == 0;
        if (!same)
            return setting->name;
    }
    return NULL;
}

void settings_keep(struct settings *fresh, struct settings *running)
{
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        const struct setting *setting = &table[i];
        if (setting->reloads)
            continue;
        if (setting->type == SETTING_TEXT || setting->type == SETTING_CONNINFO) {
            char *kept = *text_of(running, setting);
            *text_of(running, setting) = *text_of(fresh, setting);
            *text_of(fresh, setting) = kept;
        } else if (setting->type == SETTING_NUMBER) {
            uint32_t kept = *number_of(running, setting);
            *number_of(running, setting) = *number_of(fresh, setting);
            *number_of(fresh, setting) = kept;
        }
    }
}
