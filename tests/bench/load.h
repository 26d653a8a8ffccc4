/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the load tool know of each other. */
#ifndef MINGCE_BENCH_LOAD_H
#define MINGCE_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked for; times in nanoseconds where not said otherwise. */
struct plan {
    const char *method; /* one of those that requests.c makes */
    const char *server, *ca, *certificate, *key;
    uint64_t connections, depth; /* depth: requests outstanding on each connection */
    uint64_t milliseconds;       /* how long requests are begun */
    uint64_t requests;           /* prepared for each connection */
    uint64_t rate;               /* requests a second over all connections; 0: as fast as answers come */
    uint64_t rows;               /* of a request that has rows: trainees, certificates, claims */
    uint64_t seed, first;        /* of the invented persons: who they are, number of the first */
    uint64_t persons;            /* look-ups go to the persons from `first` on, this many */
    uint64_t class_number;       /* the first; each connection has `classes` of them, of CLASS_SEATS each */
    uint64_t classes;
    const char *day;    /* certificates are issued on, YYYY-MM-DD */
    const char *cursor; /* of claim.queue, in hexadecimal; NULL: its first page */
};
enum { CLASS_SEATS = 2000 };

/* ---- requests.c: everything sent is made before the clock starts ---- */

/* The frames of one connection, back to back. Request i ends at ends[i]; its id is i. */
struct requests {
    uint8_t *bytes;
    size_t *ends;
    size_t n;
};
/* Of connection `lane`. Ends the program when out of memory. */
void requests_make(const struct plan *, uint64_t lane, struct requests *);
void requests_free(struct requests *);
bool requests_have_rows(const struct plan *);
/* Records that an answer acknowledges: rows done, persons shown, certificates valid, pages with something in them. */
uint64_t requests_records(const struct plan *, const uint8_t *body, size_t n);

/* ---- traffic.c ---- */

struct result {
    uint64_t answered, records, errors;
    char reason[64]; /* of the first error */
    bool ran_out;    /* a connection had nothing more to send before the time was over */
    int64_t elapsed; /* from the first request to the last answer */
    int64_t cpu;     /* of this process in that time */
    uint64_t write_calls, read_calls;
    int64_t *latencies; /* `answered` of them, ascending; from when it was due to be sent */
};
void traffic_run(const struct plan *, struct result *);
/* Opens the connections, says so on standard output, and holds them until standard input ends. */
void traffic_hold(const struct plan *);

/* Prints to standard error and ends the program. */
_Noreturn void die(const char *what, const char *detail);

#endif
