/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MINGCE_BASE_CLOCK_H
#define MINGCE_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* since 1970-01-01T00:00Z: for records */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void); /* for deadlines and durations */

#endif
