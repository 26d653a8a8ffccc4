/* SPDX-License-Identifier: Apache-2.0 */
/* The database's own objects and the log (migrations/catalog/objects.sql). All return false when something failed, which has been
 * said. */
#ifndef MINGCE_SETUP_SCHEMA_H
#define MINGCE_SETUP_SCHEMA_H

#include "daemon/setup_internal.h"

/* Whether this database has what it takes to tell the log. */
bool schema_told(PGconn *, bool *told) MUST_CHECK;
/* The objects that are not as the log was last told, the first few; "": all are. `remade`: of the schemas that a migration makes
 * whole; `kept`: the others. */
bool schema_changed(PGconn *, struct setup_answer *kept, struct setup_answer *remade) MUST_CHECK;
/* Tells the log what the database is now, as a command's doing; within the caller's transaction. */
bool schema_enter(PGconn *, const char *method, const char *said) MUST_CHECK;

#endif
