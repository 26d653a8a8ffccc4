/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/base/metrics.h"

#include <string.h>
#include <sys/mman.h>

#include "daemon/base/clock.h"

const uint32_t metrics_durations_us[METRICS_DURATIONS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};
const uint32_t metrics_sizes[METRICS_SIZES] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

static struct metrics_slot alone;
static struct metrics_slot *slots = &alone;
static size_t slots_n = 1;
static struct metrics_slot *mine = &alone;

/* One writer: a load and a store suffice, and a reader sees the old value or the new one. */
static void add(uint64_t *value, uint64_t n)
{
    __atomic_store_n(value, __atomic_load_n(value, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
}

bool metrics_share(void)
{
    void *shared = mmap(NULL, METRICS_SLOTS * sizeof(struct metrics_slot), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return false;
    slots = shared;
    slots_n = METRICS_SLOTS;
    mine = &slots[METRICS_SLOTS - 1];
    return true;
}

void metrics_drop(size_t slot)
{
    for (size_t i = METRIC_FIRST_GAUGE; slot < slots_n && i < METRICS; i++)
        __atomic_store_n(&slots[slot].values[i], 0, __ATOMIC_RELAXED);
    for (size_t i = 0; slot < slots_n && i < METRICS_WITNESSES; i++)
        __atomic_store_n(&slots[slot].cosigned_seconds[i], 0, __ATOMIC_RELAXED);
}

void metrics_take(size_t slot)
{
    if (slot < slots_n)
        mine = &slots[slot];
    metrics_drop(slot);
}

void metrics_add(enum metric counter, uint64_t n)
{
    add(&mine->values[counter], n);
}

void metrics_set(enum metric gauge, uint64_t value)
{
    __atomic_store_n(&mine->values[gauge], value, __ATOMIC_RELAXED);
}

void metrics_pulse(void)
{
    metrics_set(METRIC_PULSE_MS, (uint64_t) clock_monotonic_ms());
}

void metrics_pause(void)
{
    metrics_set(METRIC_PULSE_MS, 0);
}

int64_t metrics_pulsed_ms(size_t slot)
{
    return slot < slots_n ? (int64_t) __atomic_load_n(&slots[slot].values[METRIC_PULSE_MS], __ATOMIC_RELAXED)
                          : 0;
}

static size_t bucket(const uint32_t *bounds, size_t n, uint64_t value)
{
    size_t i = 0;
    while (i < n && value > bounds[i])
        i++;
    return i;
}

void metrics_request(size_t method, unsigned code, int64_t us)
{
    uint64_t took = us < 0 ? 0 : (uint64_t) us;
    if (method >= METRICS_METHODS || code >= METRICS_CODES)
        return;
    add(&mine->requests[method][code], 1);
    add(&mine->durations[method][bucket(metrics_durations_us, METRICS_DURATIONS, took)], 1);
    add(&mine->duration_us[method], took);
}

void metrics_sent(size_t requests)
{
    add(&mine->sizes[bucket(metrics_sizes, METRICS_SIZES, requests)], 1);
    add(&mine->size, requests);
}

void metrics_dismissed(unsigned reason)
{
    if (reason < METRICS_REASONS)
        add(&mine->dismissed[reason], 1);
}

void metrics_unreached(unsigned cause)
{
    if (cause < METRICS_CAUSES)
        add(&mine->unreached[cause], 1);
}

void metrics_cosigned(size_t witness, uint64_t seconds)
{
    if (witness < METRICS_WITNESSES)
        __atomic_store_n(&mine->cosigned_seconds[witness], seconds, __ATOMIC_RELAXED);
}

void metrics_sum(struct metrics_slot *sum)
{
    uint64_t *total = (uint64_t *) sum;
    uint64_t first_end = 0;
    memset(sum, 0, sizeof(*sum));
    for (size_t slot = 0; slot < slots_n; slot++) {
        const uint64_t *values = (const uint64_t *) &slots[slot];
        for (size_t i = 0; i < sizeof(*sum) / sizeof(*total); i++)
            total[i] += __atomic_load_n(&values[i], __ATOMIC_RELAXED);
        uint64_t end = __atomic_load_n(&slots[slot].values[METRIC_CERTIFICATE_SECONDS], __ATOMIC_RELAXED);
        if (end != 0 && (first_end == 0 || end < first_end))
            first_end = end;
    }
    sum->values[METRIC_CERTIFICATE_SECONDS] = first_end;
}
