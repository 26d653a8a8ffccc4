/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the processes count. One shared mapping, made by the supervisor before it forks, with a slot for each worker: a
 * slot has one writer, and the process that is asked adds the slots up. Counters live on when a worker dies and its successor takes
 * the slot; what describes the moment (gauges) begins anew. Without metrics_share() a process counts for itself.
 */
#ifndef MINGCE_BASE_METRICS_H
#define MINGCE_BASE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/compiler.h"

enum metric {
    /* counters */
    METRIC_CONNECTIONS_ACCEPTED,
    METRIC_CONNECTIONS_TURNED_AWAY,
    METRIC_TLS_FAILURES,
    METRIC_WORKERS_RESTARTED, /* the supervisor's */
    METRIC_DATABASE_LOST,
    METRIC_SETS_TAKEN_APART,
    METRIC_CHILDREN_HUNG, /* the supervisor's */
    /* gauges */
    METRIC_CONNECTIONS,
    METRIC_DATABASE_READY,      /* database connections that are */
    METRIC_QUEUE_REQUESTS,      /* waiting for the database or sent */
    METRIC_QUEUE_BYTES,         /* waiting for the database */
    METRIC_FRAMES_BYTES,        /* in frames that are not whole yet */
    METRIC_UNREAD_BYTES,        /* in answers that were not read yet */
    METRIC_LOOKS_HELD,          /* persons shown and not recorded yet */
    METRIC_SERVING,             /* 1: the worker has its database and the key ring fits */
    METRIC_LOG_SIZE,            /* entries that the last checkpoint covers */
    METRIC_LOG_SIGNED_SECONDS,  /* when it was signed, seconds since 1970 */
    METRIC_LOG_ALARM,           /* 1: the notary refuses to sign */
    METRIC_LOG_STALLED_SECONDS, /* how long an open transaction has kept entries out of the log */
    METRIC_NOTARY_READY,        /* 1: the notary has its database: it works, or waits for its turn */
    METRIC_CERTIFICATE_SECONDS, /* when the server's certificate ends, seconds since 1970 */
    METRIC_PULSE_MS,            /* see metrics_pulse(); the sum says nothing */
    METRICS,
    METRIC_FIRST_GAUGE = METRIC_CONNECTIONS,
};

enum {
    METRICS_SLOTS = 67, /* of 64 workers, the notary, the collector, and the supervisor's, the last */
    METRICS_METHODS = 256,
    METRICS_CODES = 10, /* 0: done; else Code of proto/wire.proto */
    METRICS_DURATIONS = 13,
    METRICS_SIZES = 10,
    METRICS_WITNESSES = 16,
    METRICS_REASONS = 512, /* of proto/wire/reason.h */
    METRICS_CAUSES = 16,   /* of daemon/store/cause.h */
};
extern const uint32_t metrics_durations_us[METRICS_DURATIONS]; /* upper bounds */
extern const uint32_t metrics_sizes[METRICS_SIZES];            /* likewise, of requests in a set */

/* A histogram: how many fell below each bound and above the one before; the last: above all. */
struct metrics_slot {
    uint64_t values[METRICS];
    uint64_t requests[METRICS_METHODS][METRICS_CODES];
    uint64_t durations[METRICS_METHODS][METRICS_DURATIONS + 1];
    uint64_t duration_us[METRICS_METHODS]; /* the sum */
    uint64_t sizes[METRICS_SIZES + 1];
    uint64_t size;                       /* the sum */
    uint64_t dismissed[METRICS_REASONS]; /* clients that were told why their connection ends */
    uint64_t unreached[METRICS_CAUSES];  /* attempts to connect to PostgreSQL that failed */
    uint64_t cosigned_seconds
        [METRICS_WITNESSES]; /* a gauge: when the last cosignature came, since 1970; 0: never */
};

bool metrics_share(void) MUST_CHECK;
/* This process writes that slot from now on. */
void metrics_take(size_t slot);
/* For the supervisor: the slot's worker is gone. */
void metrics_drop(size_t slot);

/*
 * The pulse: a process whose loop turns says so at least every METRICS_PULSE_MS, and one that said so and falls silent
 * hangs. Before something that may block for long through no fault of its own (a name being resolved, a database) it
 * pauses: until it pulses again nothing is expected of it.
 */
enum { METRICS_PULSE_MS = 1000 };
void metrics_pulse(void);
void metrics_pause(void);
/* For the supervisor: the slot's last pulse, monotonic milliseconds; 0: none is expected. */
int64_t metrics_pulsed_ms(size_t slot);

void metrics_add(enum metric counter, uint64_t n);
void metrics_set(enum metric gauge, uint64_t value);
/* A request of the method at that place of the table was answered. */
void metrics_request(size_t method, unsigned code, int64_t us);
void metrics_sent(size_t requests); /* a set was */
void metrics_dismissed(unsigned reason);
void metrics_unreached(unsigned cause);
void metrics_cosigned(size_t witness, uint64_t seconds);

/* All slots together: counters and gauges added, but of METRIC_CERTIFICATE_SECONDS the least there is. */
void metrics_sum(struct metrics_slot *);

#endif
