/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings: a file of `name = value` lines (`#` begins a comment), each overridden by the environment's
 * MINGCED_<NAME>. settings.c holds the one table: name, type, default, bounds, whether SIGHUP takes it up.
 */
#ifndef MINGCE_BASE_SETTINGS_H
#define MINGCE_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/base/compiler.h"
#include "daemon/base/log.h"

/* Texts are owned by the settings; "" where nothing was set. */
struct settings {
    char *listen; /* address:port */
    char *metrics_listen;
    char *database_directory;
    char *tls_certificate, *tls_key, *tls_client_ca;
    char *database;       /* conninfo of the daemon's own role */
    char *owner_database; /* conninfo of the schema's owner: installation commands only */
    char *notary_database;
    char *receipt_key;
    char *certificate_key;
    char *log_key;
    char *log_state;
    char *witnesses;
    char *key_ring;
    uint32_t workers;
    uint32_t database_connections; /* a worker */
    uint32_t database_pipeline;    /* sets in flight on a connection */
    uint32_t set_rows;             /* lines of a set */
    uint32_t queue_bytes;          /* of a worker, waiting for the database */
    uint32_t frame_bytes;
    uint32_t in_flight;   /* requests of a connection */
    uint32_t connections; /* of a worker */
    uint32_t operator_connections, organisation_connections, address_connections; /* of these; 0: no limit */
    uint32_t
        frames_bytes; /* of a worker, in frames that have begun, and again in answers not read; 0: no limit */
    uint32_t deadline_ms;
    uint32_t roster_rows;    /* in a request */
    uint32_t page_rows;      /* in a page */
    uint32_t request_memory; /* bytes of a request's arena */
    uint32_t handshake_ms, frame_ms, drain_ms;
    uint32_t idle_ms; /* 0: no limit */
    enum log_level log_level;
};

/* `path` NULL: defaults and environment only. False: `error` says what is wrong, with file and line, and what
 * would be right; nothing is left to free. */
bool settings_load(struct settings *, const char *path, char *error, size_t error_n) MUST_CHECK;
void settings_free(struct settings *);
/* Every setting as a line of a settings file; a conninfo's password is not shown. */
void settings_print(const struct settings *, FILE *);
/* The name of a setting that differs and only a restart takes up; NULL: none. */
const char *settings_check_reload(const struct settings *running, const struct settings *fresh);
/* Those settings change places, so that `fresh` can run: its owner then frees `running`. */
void settings_keep(struct settings *fresh, struct settings *running);

#endif
