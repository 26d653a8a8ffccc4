/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a request that failed. */
#ifndef MINGCE_STORE_SQLSTATE_H
#define MINGCE_STORE_SQLSTATE_H

#include <stdbool.h>

enum verdict {
    VERDICT_GUILTY,      /* a defect, or this request's own doing */
    VERDICT_AGAIN,       /* lost a race: the same again may succeed */
    VERDICT_UNAVAILABLE, /* surely not committed, and not this request's fault */
    VERDICT_UNKNOWN,     /* the server went away at an unknown moment */
};
enum verdict sqlstate_verdict(const char *sqlstate);
/* The connection is of no use after this. */
bool sqlstate_ends_connection(const char *sqlstate);

#endif
