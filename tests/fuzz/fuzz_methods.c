/* SPDX-License-Identifier: Apache-2.0 */
/* A line with a method's name, then the body of its request: scanned, unpacked, judged, and when nothing
 * is wrong with it bound as the row of a set, twice as the store may. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/settings.h"
#include "daemon/crypto/keyring.h"
#include "daemon/crypto/seal.h"
#include "daemon/methods.h"
#include "daemon/rpc/look.h"
#include "daemon/store/set_private.h"
#include "proto/wire/wirescan.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct settings settings;
static struct keyring *keys;
static struct log_key certificate_key; /* nothing is signed here */
static struct looks *looks;            /* what is shown is to be recorded: nothing is shown here */

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc, (void) argv;
    char folder[] = "/tmp/mingce-fuzz-XXXXXX", path[64], error[512];
    const char *why = NULL;
    log_start("fuzz", LOG_LEVEL_ERROR);
    require(settings_load(&settings, NULL, error, sizeof(error)));
    require(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/keys", folder);
    require(keyring_create(path));
    keys = keyring_load(path, &why);
    looks = looks_new(event_base_new(), NULL);
    require(keys != NULL && looks != NULL);
    unlink(path);
    rmdir(folder);
    return 0;
}

/* A call as a store request, and nothing else of the engine's. */
struct bound {
    struct store_request stored;
    struct call call;
};

static void call_bind(struct store_request *stored, struct set *set)
{
    struct call *call = &CONTAINER_OF(stored, struct bound, stored)->call;
    call_bind_first(call, set);
    call->method->bind(call, set);
}

static void bind_twice(struct bound *bound)
{
    struct set *set = set_new(bound->call.method->statement, LANE_LIGHT);
    const char *values[STATEMENT_COLUMNS];
    int lengths[STATEMENT_COLUMNS];
    require(set != NULL && set_add(set, &bound->stored) && set_add(set, &bound->stored));
    set_finish(set, values, lengths);
    set_free(set);
}

static const struct method *method_named(const uint8_t *name, size_t n)
{
    for (size_t i = 0; i < methods_n; i++)
        if (strlen(methods[i].name) == n && memcmp(methods[i].name, name, n) == 0)
            return &methods[i];
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct caller caller = {.operator_id = {1}, .organisation_id = {2}, .roles = UINT32_MAX};
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    const struct method *method = end == NULL ? NULL : method_named(data, (size_t) (end - data));
    if (method == NULL)
        return -1; /* nothing to learn from */
    const uint8_t *body = end + 1;
    size_t n = size - (size_t) (body - data);
    if (n > settings.frame_bytes || wirescan(method->request, body, n) != REASON_NONE)
        return 0;
    struct arena *arena = arena_new(settings.request_memory);
    require(arena != NULL);
    struct bound bound = {.stored = {.bind = call_bind},
                          .call = {.method = method,
                                   .caller = &caller,
                                   .settings = &settings,
                                   .keys = keys,
                                   .certificate_key = &certificate_key,
                                   .looks = looks,
                                   .arena = arena,
                                   .at_ms = 1772000000000}};
    bound.call.request = protobuf_c_message_unpack(method->request, arena_allocator(arena), n, body);
    if (bound.call.request != NULL && method->valid(&bound.call) == REASON_NONE)
        bind_twice(&bound);
    arena_free(arena);
    return 0;
}
