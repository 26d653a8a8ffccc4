/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A method is a row of the method table (daemon/methods.h): its messages, who may call it, whether it
 * writes, the statement that does the work, and functions that never wait: valid judges a request, bind
 * turns it into rows, render turns rows into a response.
 */
#ifndef MINGCE_RPC_METHOD_H
#define MINGCE_RPC_METHOD_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/arena.h"
#include "daemon/base/settings.h"
#include "daemon/crypto/seal.h"
#include "daemon/store/rows.h"
#include "daemon/store/set.h"
#include "daemon/store/statement.h"
#include "proto/rules/day.h"
#include "proto/wire/frame.h"
#include "proto/wire/reason.h"

/* METHOD_LOOKS reads what must leave a trace: its entry is committed before the answer is sent. */
enum method_effect { METHOD_READS, METHOD_WRITES, METHOD_LOOKS };
enum { CALL_FIELDS = 8 };

/* Who calls: looked up by the certificate's public key when the session opened. */
struct caller {
    uint8_t operator_id[16];
    uint8_t organisation_id[16];
    uint32_t roles; /* 1 << Role */
};

struct looks;   /* daemon/rpc/look.h */
struct log_key; /* daemon/audit/log_key.h */

/* What bind and render see of one request. Everything here lives until the reply is queued. */
struct call {
    const struct method *method;
    const struct caller *caller;
    const struct settings *settings;
    struct keyring *keys;
    const struct log_key *certificate_key; /* NULL: there is none */
    struct arena *arena;                   /* the request's only memory */
    const ProtobufCMessage *request;
    struct looks *looks;
    uint32_t looks_asked; /* persons that this call may show and has not shown yet */
    bool looks_beside;    /* when it was bound others were on their way */
    unsigned looks_tries;
    uint8_t request_id[FRAME_REQUEST_ID]; /* zero for a read; of a look: our own */
    uint8_t digest[32];                   /* keyed index over method, NUL, body; zero for a read */
    int64_t at_ms;                        /* when the frame was read */
    const char *fields[CALL_FIELDS];      /* of the refusal being returned, literals */
    size_t fields_n;
    bool defect; /* call_defect() was called */
    void *notes; /* what valid and bind leave for render; in the arena */
};

struct method {
    const char *name;
    const ProtobufCMessageDescriptor *request, *response;
    uint32_t roles; /* any of these may call it: 1 << Role */
    enum method_effect effect;
    const struct statement *statement; /* its first parameters are those of its effect, below */
    int16_t
        argument; /* distinguishes methods of the same request message: a value of an enum; 0: there is one method only */
    /* Judges what the wire scan cannot: REASON_NONE, call_refuse(), or REASON_MEMORY. */
    enum reason (*valid)(struct call *);
    /* Appends the method's own parameters and rows, after the common ones; may run again for the same call. */
    void (*bind)(struct call *, struct set *);
    /* Fills the response, which is initialised, or says why there is none. It need not report a full arena or a defect. */
    enum reason (*render)(struct call *, const struct rows *, ProtobufCMessage *response);
};

/* The parameters that the statement of a method begins with, by its effect; the engine binds them. */
#define METHOD_READ_FIRST(COLUMN) COLUMN(METHOD_READ_IN_OPERATOR, "operator", UUID)
#define METHOD_LOOK_FIRST(COLUMN)                                                                            \
    COLUMN(METHOD_LOOK_IN_OPERATOR, "operator", UUID)                                                        \
    COLUMN(METHOD_LOOK_IN_ENTRY_HEAD, "entry_head", BYTEA)
#define METHOD_WRITE_FIRST(COLUMN)                                                                           \
    COLUMN(METHOD_WRITE_IN_REQUEST_ID, "request_id", UUID)                                                   \
    COLUMN(METHOD_WRITE_IN_DIGEST, "digest", BYTEA)                                                          \
    COLUMN(METHOD_WRITE_IN_OPERATOR, "operator", UUID)                                                       \
    COLUMN(METHOD_WRITE_IN_ENTRY_HEAD, "entry_head", BYTEA)
enum { METHOD_READ_FIRST(COLUMN_ENUMERATOR) METHOD_READ_N };
enum { METHOD_LOOK_FIRST(COLUMN_ENUMERATOR) METHOD_LOOK_N };
enum { METHOD_WRITE_FIRST(COLUMN_ENUMERATOR) METHOD_WRITE_N };

/* Refuses the request because of one of its fields (a literal); called again, because of this one too. */
static inline enum reason call_refuse(struct call *call, const char *field, enum reason reason)
{
    if (call->fields_n < CALL_FIELDS)
        call->fields[call->fields_n++] = field;
    return reason;
}
/* Refuses the request if a day of one of its fields could not be read (DAY_NONE), or is still to come. */
static inline enum reason call_day_past(struct call *call, const char *field, day on)
{
    if (on == DAY_NONE)
        return call_refuse(call, field, REASON_DATE_FORMAT);
    return on > day_at(call->at_ms) ? call_refuse(call, field, REASON_DATE_FUTURE) : REASON_NONE;
}

/* ---- what responses are made of, in the arena; daemon/rpc/response.c ---- */

/* The arena remembers that it had no more to give, and the call that it met a defect. Both are judged once, where valid or
 * render has returned: too large, out of memory and a defect are three answers. Until then whoever fills a message leaves out
 * what it cannot have. */

/* The result of the statement, or what is sealed in it, is not what it must be. */
static inline void call_defect(struct call *call)
{
    call->defect = true;
}
/* Refuses with REASON_VERSION_DIFFERS, which it returns, the fields that somebody else has changed: those whose bits stand in a
 * column of the answer's only row, which may be NULL. */
enum reason call_refuse_changed(struct call *, const struct rows *, size_t column, const char *const fields[],
                                size_t n);
/* Nobody will see the response: what it is made of may be missing. */
static inline bool call_failed(const struct call *call)
{
    return call->defect || arena_failed(call->arena);
}
/* A copy of the bytes; NULL is a defect. */
void call_bytes(struct call *, ProtobufCBinaryData *to, const uint8_t *bytes, size_t n);
/* "YYYY-MM-DD"; NULL for DAY_NONE. */
char *call_day(struct call *, day);
/* The month of a day, likewise: "YYYY-MM". */
char *call_month(struct call *, day);
/* A list of pointers to `n` zeroed messages of `size` bytes each; `*count` is how many: n, or 0 when the arena is full. */
void *call_list(struct call *, size_t n, size_t size, size_t *count);
/* Gives a repeated field room for n messages, which their fillers initialise, and is how many it has. */
#define CALL_LIST(call, message, field, n)                                                                   \
    ((message)->field = call_list((call), (n), sizeof(**(message)->field), &(message)->n_##field),           \
     (message)->n_##field)

/* The head of an audit entry about this call; `row` 0: about the whole. Returns its length. */
enum { CALL_ENTRY_HEAD = 256 };
size_t call_entry_head(const struct call *, uint32_t row, uint8_t head[CALL_ENTRY_HEAD]);
/* Binds the parameters that every statement of the method's effect begins with. */
void call_bind_first(const struct call *, struct set *);

/* ---- masked looks, for methods that read; daemon/rpc/look.h ---- */

/* For bind: persons the caller was shown, and guesses, that the database does not know of yet, and what the caller's other calls
 * that are on their way may show. `most`: what this one may. */
int32_t call_looks_pending(struct call *, uint32_t most);
/* For render: this person, these seats of a class, or nobody (the limit was reached) is being shown. False: it cannot be
 * recorded, so it must not be shown. A call that has failed shows nobody, and a person that is NULL is a defect. */
bool call_look(struct call *, const uint8_t person_id[16]) MUST_CHECK;
bool call_look_class(struct call *, uint64_t class_number, uint32_t first_seat, uint32_t last_seat,
                     size_t persons) MUST_CHECK;
bool call_look_refused(struct call *) MUST_CHECK;
/* For render: so many questions whose answer was that there is nobody, or nobody to be seen, which is an answer about a person,
 * too. They count against the limit as looks do. */
bool call_look_missed(struct call *, size_t n) MUST_CHECK;

#endif
