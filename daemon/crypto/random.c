/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes in bulk: one call of the generator per few thousand bytes handed out. */
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/crypto/seal.h"

enum { POOL = 4096 };

/* What is left of the last draw. */
static struct {
    uint8_t bytes[POOL];
    size_t left;
    bool watched; /* pool_forget() is called in forked children */
} pool;

/* A child must not hand out its parent's bytes. */
static void pool_forget(void)
{
    OPENSSL_cleanse(pool.bytes, sizeof(pool.bytes));
    pool.left = 0;
}

void crypto_random(void *out, size_t n)
{
    uint8_t *at = out;
    if (!pool.watched && pthread_atfork(NULL, NULL, pool_forget) != 0)
        fatal("no-fork-handler", NULL);
    pool.watched = true;
    while (n > 0) {
        if (pool.left == 0 && RAND_bytes(pool.bytes, sizeof(pool.bytes)) != 1)
            fatal("no-random-bytes", NULL); /* nothing can be sealed safely any more */
        if (pool.left == 0)
            pool.left = sizeof(pool.bytes);
        size_t step = n < pool.left ? n : pool.left;
        uint8_t *from = pool.bytes + sizeof(pool.bytes) - pool.left;
        memcpy(at, from, step);
        OPENSSL_cleanse(from, step);
        pool.left -= step;
        at += step;
        n -= step;
    }
}

void crypto_uuid(uint8_t uuid[16])
{
    uint64_t ms = htobe64((uint64_t) clock_wall_ms() << 16);
    crypto_random(uuid, 16);
    memcpy(uuid, &ms, 6);
    uuid[6] = (uint8_t) ((uuid[6] & 0x0f) | 0x70);
    uuid[8] = (uint8_t) ((uuid[8] & 0x3f) | 0x80);
}
