/* SPDX-License-Identifier: Apache-2.0 */
/* How many sessions each certificate, operator and organisation has in this worker, and what their unfinished frames and
 * unread answers hold. */
#ifndef MINGCE_RPC_CROWD_H
#define MINGCE_RPC_CROWD_H

#include <stdint.h>

#include "daemon/base/compiler.h"
#include "daemon/base/tally.h"
#include "daemon/net/session.h"

enum crowd_kind { CROWD_CERTIFICATE, CROWD_OPERATOR, CROWD_ORGANISATION, CROWD_KINDS };
enum { CROWD_ID = TALLY_KEY - 1 }; /* of a longer id the first bytes count */

struct crowd_party {
    struct tally sessions; /* by kind and id */
    struct session_account held;
};

/* One session more of it; for tally_leave(). `*crowd`, NULL at first, is where they are kept. NULL when out of memory. */
struct crowd_party *crowd_enter(void **crowd, enum crowd_kind, const uint8_t *id) MUST_CHECK;

#endif
