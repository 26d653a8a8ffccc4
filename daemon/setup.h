/* SPDX-License-Identifier: Apache-2.0 */
/* Installation commands, run by the site's administrator with the schema's owner (owner_database): the schema,
 * the key ring, and who may log in at all. */
#ifndef MINGCE_SETUP_H
#define MINGCE_SETUP_H

#include "daemon/base/settings.h"

/* argv[0] is the command. Returns the exit status: 0 done, 1 failed, 2 usage; what is wrong is on stderr. */
int setup_command(const struct settings *, int argc, char **argv);

#endif
