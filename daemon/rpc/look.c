/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/rpc/look.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/audit/entry.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/rpc/rpc.h"
#include "proto/audit.pb-c.h"

enum {
    GATHER_S = 1,
    ENTRY_PERSONS = 64,   /* so that a page of entries stays below the longest frame */
    LOOKS_MOST = 1 << 16, /* gathered and not stored yet; beyond it nobody is shown */
    ROOM_FIRST = 16,
    TRIES = 3, /* of a call that was refused for what others beside it might show */
};

static const char domain[] = "mingce.v1.Look";

#define RECORD_PARAMETERS(COLUMN)                                                                            \
    COLUMN(RECORD_IN_OPERATOR, "operator", UUID)                                                             \
    COLUMN(RECORD_IN_HEAD, "head", BYTEA)                                                                    \
    COLUMN(RECORD_IN_OUTCOME, "outcome", INT2)                                                               \
    COLUMN(RECORD_IN_CLASS, "class", INT8)                                                                   \
    COLUMN(RECORD_IN_FIRST_SEAT, "first_seat", INT4)                                                         \
    COLUMN(RECORD_IN_LAST_SEAT, "last_seat", INT4)                                                           \
    COLUMN(RECORD_IN_COUNT, "count", INT4)                                                                   \
    COLUMN(RECORD_IN_SUBJECT, "subject", UUID)                                                               \
    COLUMN(RECORD_IN_MASKED, "masked", BOOL)                                                                 \
    COLUMN(RECORD_IN_ROW_REQ, "row_req", INT4)                                                               \
    COLUMN(RECORD_IN_PERSON, "person", UUID)                                                                 \
    COLUMN(RECORD_IN_SALT, "salt", BYTEA)                                                                    \
    COLUMN(RECORD_IN_COMMITMENT, "commitment", BYTEA)
COLUMNS_OF(record_parameters, RECORD_PARAMETERS);

const struct statement rpc_look_statement = {
    .name = "look_record",
    .parameters = COLUMNS(record_parameters),
    .rows = RECORD_IN_ROW_REQ,
    .result = COLUMNS_FIRST(RESULT),
};

typedef uint8_t person_id[16];

/* What an entry is about. `id` is the operator's; where nobody is known by a key, the first half of the key's hash. */
struct what {
    uint8_t id[16];
    const char *method; /* static */
    int16_t outcome;
};
static const char look_method[] = "look", login_method[] = "login";

/* What has gathered since the last flush; in a tree by what it is. */
struct gathered {
    struct what what; /* the key: first */
    uint8_t organisation_id[16];
    person_id *persons; /* of looks: who was shown */
    size_t n, room;
    uint32_t count; /* of the others: how many */
};

/* What counts besides what the database knows: entries that are on their way to it, and calls that may show somebody.
 * Each kind is in a tree, by what it is about. */
struct unstored {
    struct what what; /* the key: first */
    size_t entries;
    int64_t count; /* sum of theirs */
};

/* An entry to be written. */
struct look_entry {
    struct looks *looks;
    struct store_request stored;
    struct what what;
    uint8_t organisation_id[16], request_id[16];
    int64_t at_ms;
    int64_t class_number; /* 0: none */
    int32_t first_seat, last_seat, count;
    size_t n, held; /* `held`: of looks.held */
    bool sent;
    TAILQ_ENTRY(look_entry) link;
    person_id persons[];
};

struct looks {
    struct store *store;
    struct event *timer;
    void *tree;                       /* struct gathered */
    void *unstored;                   /* struct unstored: entries */
    void *asked;                      /* struct unstored: calls that were bound and not rendered */
    size_t held;                      /* persons, and counts, in the tree and in entries */
    TAILQ_HEAD(, look_entry) entries; /* not stored yet */
};

static void hold(struct looks *looks, size_t more, size_t less)
{
    looks->held += more - less;
    metrics_set(METRIC_LOOKS_HELD, looks->held);
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(person_id));
}

static int compare_what(const void *a, const void *b)
{
    const struct what *one = a, *other = b;
    int order = memcmp(one->id, other->id, sizeof(one->id));
    if (order == 0)
        order = strcmp(one->method, other->method);
    return order != 0 ? order : one->outcome - other->outcome;
}

static bool is_look(const struct what *what)
{
    return what->method == look_method;
}

static void arm(struct looks *looks)
{
    if (!event_pending(looks->timer, EV_TIMEOUT, NULL))
        event_add(looks->timer, &(struct timeval){.tv_sec = GATHER_S});
}

/* ---- to the database ---- */

static void entry_bind(struct store_request *stored, struct set *set)
{
    static const uint8_t no_digest[32], nobody[16];
    const struct look_entry *entry = CONTAINER_OF(stored, struct look_entry, stored);
    uint8_t head[ENTRY_HEAD_BYTES], salt[SALT_BYTES], committed[COMMITMENT_BYTES];
    bool stranger = entry->what.outcome == MINGCE__V1__OUTCOME__OUTCOME_KEY_UNKNOWN;
    struct entry_head fields = {
        .at_ms = entry->at_ms,
        .operator_id = stranger ? nobody : entry->what.id,
        .organisation_id = entry->organisation_id,
        .method = entry->what.method,
        .request_id = entry->request_id,
        .digest = no_digest,
    };
    size_t n = entry_head(head, &fields);
    set_uuid(set, RECORD_IN_OPERATOR, fields.operator_id);
    set_bytes(set, RECORD_IN_HEAD, head, n);
    set_int2(set, RECORD_IN_OUTCOME, entry->what.outcome);
    if (entry->class_number == 0)
        set_null(set, RECORD_IN_CLASS);
    else
        set_int8(set, RECORD_IN_CLASS, entry->class_number);
    set_int4(set, RECORD_IN_FIRST_SEAT, entry->first_seat);
    set_int4(set, RECORD_IN_LAST_SEAT, entry->last_seat);
    set_int4(set, RECORD_IN_COUNT, entry->count);
    if (stranger)
        set_uuid(set, RECORD_IN_SUBJECT, entry->what.id);
    else
        set_null(set, RECORD_IN_SUBJECT);
    set_bool(set, RECORD_IN_MASKED, is_look(&entry->what));
    for (size_t i = 0; i < entry->n; i++) {
        crypto_random(salt, sizeof(salt));
        commitment(domain, salt, entry->persons[i], sizeof(person_id), committed);
        set_row(set);
        set_uuid(set, RECORD_IN_PERSON, entry->persons[i]);
        set_bytes(set, RECORD_IN_SALT, salt, sizeof(salt));
        set_bytes(set, RECORD_IN_COMMITMENT, committed, sizeof(committed));
    }
}

static struct unstored *unstored_of(void *const *tree, const struct what *what)
{
    void **found = tfind(what, tree, compare_what);
    return found == NULL ? NULL : *found;
}

static void unstored_take(void **tree, const struct what *what, int64_t count)
{
    struct unstored *unstored = unstored_of(tree, what);
    unstored->count -= count;
    if (--unstored->entries > 0)
        return;
    tdelete(unstored, tree, compare_what);
    free(unstored);
}

static void entry_free(struct look_entry *entry)
{
    struct looks *looks = entry->looks;
    TAILQ_REMOVE(&looks->entries, entry, link);
    hold(looks, 0, entry->held);
    unstored_take(&looks->unstored, &entry->what, entry->count);
    free(entry);
}

/* What may not have been stored is sent again: it is better to record a look twice than not at all. */
static void entry_done(struct store_request *stored, enum store_outcome outcome, const struct rows *rows)
{
    (void) rows;
    struct look_entry *entry = CONTAINER_OF(stored, struct look_entry, stored);
    entry->sent = false;
    if (outcome == STORE_DONE) {
        entry_free(entry);
        return;
    }
    log_warn("looks-unrecorded", "held=%zu", entry->looks->held);
    arm(entry->looks);
}

static void entry_send(struct look_entry *entry)
{
    entry->sent = true;
    entry->stored = (struct store_request){.bind = entry_bind, .done = entry_done};
    store_submit(entry->looks->store, &rpc_look_statement, &entry->stored);
}

/* One entry more of this; false: no memory. */
static bool unstored_add(void **tree, const struct what *what, int64_t count)
{
    struct unstored *unstored = unstored_of(tree, what);
    if (unstored == NULL) {
        unstored = calloc(1, sizeof(*unstored));
        if (unstored == NULL)
            return false;
        unstored->what = *what;
        if (tsearch(unstored, tree, compare_what) == NULL) {
            free(unstored);
            return false;
        }
    }
    unstored->entries++;
    unstored->count += count;
    return true;
}

/* `persons`: room for so many; `count` is what the entry tells. NULL: no memory. */
static struct look_entry *entry_new(struct looks *looks, const struct gathered *gathered, size_t persons,
                                    int32_t count)
{
    struct look_entry *entry = calloc(1, sizeof(*entry) + persons * sizeof(person_id));
    if (entry == NULL || !unstored_add(&looks->unstored, &gathered->what, count)) {
        free(entry);
        return NULL;
    }
    entry->looks = looks;
    entry->at_ms = clock_wall_ms();
    entry->n = entry->held = persons;
    entry->count = count;
    entry->what = gathered->what;
    memcpy(entry->organisation_id, gathered->organisation_id, sizeof(entry->organisation_id));
    crypto_uuid(entry->request_id);
    TAILQ_INSERT_TAIL(&looks->entries, entry, link);
    return entry;
}

/* ---- gathering ---- */

static struct what what_of(const uint8_t id[16], const char *method, enum _Mingce__V1__Outcome outcome)
{
    struct what what = {.method = method, .outcome = (int16_t) outcome};
    memcpy(what.id, id, sizeof(what.id));
    return what;
}

/* `organisation_id` NULL: none. */
static struct gathered *gathered_of(struct looks *looks, const struct what *what,
                                    const uint8_t *organisation_id)
{
    void **found = tfind(what, &looks->tree, compare_what);
    if (found != NULL)
        return *found;
    struct gathered *gathered = calloc(1, sizeof(*gathered));
    if (gathered == NULL)
        return NULL;
    gathered->what = *what;
    if (organisation_id != NULL)
        memcpy(gathered->organisation_id, organisation_id, sizeof(gathered->organisation_id));
    if (tsearch(gathered, &looks->tree, compare_what) == NULL) {
        free(gathered);
        return NULL;
    }
    arm(looks);
    return gathered;
}

/* Of an operator's persons, each once, ENTRY_PERSONS to an entry. False: no memory; they stay where they are. */
static bool flush_persons(struct looks *looks, struct gathered *gathered)
{
    size_t n = 0;
    if (gathered->n > 1)
        qsort(gathered->persons, gathered->n, sizeof(person_id), compare);
    for (size_t i = 0; i < gathered->n; i++)
        if (n == 0 || compare(gathered->persons[n - 1], gathered->persons[i]) != 0)
            memmove(gathered->persons[n++], gathered->persons[i], sizeof(person_id));
    hold(looks, 0, gathered->n - n);
    gathered->n = n;
    while (gathered->n > 0) {
        size_t some = gathered->n < ENTRY_PERSONS ? gathered->n : ENTRY_PERSONS;
        struct look_entry *entry = entry_new(looks, gathered, some, (int32_t) some);
        if (entry == NULL)
            return false;
        gathered->n -= some; /* from the end */
        memcpy(entry->persons, gathered->persons[gathered->n], some * sizeof(person_id));
    }
    return true;
}

static bool flush_count(struct looks *looks, struct gathered *gathered)
{
    if (gathered->count == 0)
        return true;
    struct look_entry *entry = entry_new(looks, gathered, 0, (int32_t) gathered->count);
    if (entry == NULL)
        return false;
    entry->held = 1;
    gathered->count = 0;
    return true;
}

static void gathered_free(void *gathered)
{
    free(((struct gathered *) gathered)->persons);
    free(gathered);
}

static void flush(struct looks *looks)
{
    while (looks->tree != NULL) {
        struct gathered *gathered = *(struct gathered **) looks->tree; /* the root */
        if (!flush_persons(looks, gathered) || !flush_count(looks, gathered)) {
            arm(looks);
            break;
        }
        tdelete(gathered, &looks->tree, compare_what);
        gathered_free(gathered);
    }
    struct look_entry *entry;
    TAILQ_FOREACH (entry, &looks->entries, link)
        if (!entry->sent)
            entry_send(entry);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void) fd, (void) what;
    flush(context);
}

struct looks *looks_new(struct event_base *base, struct store *store)
{
    struct looks *looks = calloc(1, sizeof(*looks));
    if (looks == NULL)
        return NULL;
    looks->store = store;
    TAILQ_INIT(&looks->entries);
    looks->timer = evtimer_new(base, on_timer, looks);
    if (looks->timer == NULL) {
        free(looks);
        return NULL;
    }
    return looks;
}

void looks_free(struct looks *looks)
{
    if (looks == NULL)
        return;
    struct look_entry *entry = TAILQ_FIRST(&looks->entries);
    if (looks->held > 0)
        log_error("looks-lost", "held=%zu", looks->held);
    for (struct look_entry *next; entry != NULL; entry = next) {
        next = TAILQ_NEXT(entry, link);
        if (entry->sent)
            store_abandon(looks->store, &entry->stored);
        free(entry);
    }
    tdestroy(looks->tree, gathered_free);
    tdestroy(looks->unstored, free);
    tdestroy(looks->asked, free);
    event_free(looks->timer);
    free(looks);
}

bool looks_settle(struct looks *looks)
{
    flush(looks);
    return looks->tree == NULL && TAILQ_EMPTY(&looks->entries);
}

/* `n` more; the first of them holds. */
static bool count_more(struct looks *looks, const struct what *what, const uint8_t *organisation_id, size_t n)
{
    struct gathered *gathered = looks->held >= LOOKS_MOST ? NULL : gathered_of(looks, what, organisation_id);
    if (gathered == NULL || n > INT32_MAX - gathered->count)
        return false;
    if (gathered->count == 0)
        hold(looks, 1, 0);
    gathered->count += (uint32_t) n;
    return true;
}

static bool count_one(struct looks *looks, const struct what *what, const uint8_t *organisation_id)
{
    return count_more(looks, what, organisation_id, 1);
}

bool looks_login(struct looks *looks, const struct caller *caller)
{
    struct what what = what_of(caller->operator_id, login_method, MINGCE__V1__OUTCOME__OUTCOME_DONE);
    return count_one(looks, &what, caller->organisation_id);
}

bool looks_stranger(struct looks *looks, const uint8_t *key_hash)
{
    struct what what = what_of(key_hash, login_method, MINGCE__V1__OUTCOME__OUTCOME_KEY_UNKNOWN);
    return count_one(looks, &what, NULL);
}

bool looks_forbidden(struct looks *looks, const struct caller *caller, const struct method *method)
{
    struct what what = what_of(caller->operator_id, method->name, MINGCE__V1__OUTCOME__OUTCOME_NOT_ALLOWED);
    return count_one(looks, &what, caller->organisation_id);
}

/* ---- for render functions ---- */

static struct gathered *shown_to(struct looks *looks, const struct caller *caller)
{
    struct what what = what_of(caller->operator_id, look_method, MINGCE__V1__OUTCOME__OUTCOME_DONE);
    return gathered_of(looks, &what, caller->organisation_id);
}

/* What of an operator's looks with this outcome the database does not have yet. */
static int64_t pending_of(const struct call *call, enum _Mingce__V1__Outcome outcome)
{
    struct what what = what_of(call->caller->operator_id, look_method, outcome);
    void **found = tfind(&what, &call->looks->tree, compare_what);
    const struct gathered *gathered = found == NULL ? NULL : *found;
    const struct unstored *unstored = unstored_of(&call->looks->unstored, &what);
    return (gathered == NULL ? 0 : (int64_t) gathered->n + gathered->count) +
           (unstored == NULL ? 0 : unstored->count);
}

static struct what asked_of(const struct call *call)
{
    return what_of(call->caller->operator_id, look_method, MINGCE__V1__OUTCOME__OUTCOME_DONE);
}

int32_t call_looks_pending(struct call *call, uint32_t most)
{
    struct what what = asked_of(call);
    looks_release(call);
    const struct unstored *others = unstored_of(&call->looks->asked, &what);
    int64_t pending = pending_of(call, MINGCE__V1__OUTCOME__OUTCOME_DONE) +
                      pending_of(call, MINGCE__V1__OUTCOME__OUTCOME_PERSON_UNKNOWN);
    call->looks_beside = others != NULL;
    pending += others == NULL ? 0 : others->count;
    if (most > 0 && !unstored_add(&call->looks->asked, &what, most))
        return INT32_MAX; /* what cannot be counted is not shown */
    call->looks_asked = most;
    return (int32_t) pending;
}

void looks_release(struct call *call)
{
    struct what what = asked_of(call);
    if (call->looks_asked > 0)
        unstored_take(&call->looks->asked, &what, call->looks_asked);
    call->looks_asked = 0;
}

bool looks_again(const struct call *call)
{
    return call->looks_beside && call->looks_tries < TRIES;
}

bool call_look(struct call *call, const uint8_t person[16])
{
    struct looks *looks = call->looks;
    if (person == NULL)
        call_defect(call);
    if (call_failed(call))
        return true;
    struct gathered *gathered = looks->held >= LOOKS_MOST ? NULL : shown_to(looks, call->caller);
    if (gathered == NULL)
        return false;
    if (gathered->n == gathered->room) {
        size_t room = gathered->room == 0 ? ROOM_FIRST : gathered->room * 2;
        person_id *persons = realloc(gathered->persons, room * sizeof(*persons));
        if (persons == NULL)
            return false;
        gathered->persons = persons;
        gathered->room = room;
    }
    memcpy(gathered->persons[gathered->n++], person, sizeof(person_id));
    hold(looks, 1, 0);
    return true;
}

bool call_look_class(struct call *call, uint64_t class_number, uint32_t first_seat, uint32_t last_seat,
                     size_t persons)
{
    struct looks *looks = call->looks;
    struct gathered *gathered = looks->held >= LOOKS_MOST ? NULL : shown_to(looks, call->caller);
    struct look_entry *entry = gathered == NULL ? NULL : entry_new(looks, gathered, 0, (int32_t) persons);
    if (entry == NULL)
        return false;
    entry->held = persons > 0 ? persons : 1;
    hold(looks, entry->held, 0);
    entry->class_number = (int64_t) class_number;
    entry->first_seat = (int32_t) first_seat;
    entry->last_seat = (int32_t) last_seat;
    return true;
}

bool call_look_refused(struct call *call)
{
    const struct caller *caller = call->caller;
    struct what what = what_of(caller->operator_id, look_method, MINGCE__V1__OUTCOME__OUTCOME_LOOKS_EXCEEDED);
    if (call->method->effect == METHOD_READS && looks_again(call))
        return true; /* it is not refused yet */
    return count_one(call->looks, &what, caller->organisation_id);
}

bool call_look_missed(struct call *call, size_t n)
{
    const struct caller *caller = call->caller;
    struct what what = what_of(caller->operator_id, look_method, MINGCE__V1__OUTCOME__OUTCOME_PERSON_UNKNOWN);
    return n == 0 || count_more(call->looks, &what, caller->organisation_id, n);
}
