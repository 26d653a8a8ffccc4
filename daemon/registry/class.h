/* SPDX-License-Identifier: Apache-2.0 */
/* Classes: proto/class.proto, migrations/api/class.sql. */
#ifndef MINGCE_REGISTRY_CLASS_H
#define MINGCE_REGISTRY_CLASS_H

#include "daemon/rpc/method.h"

enum { CLASS_CAPACITY_MOST = 2000 };

#endif
