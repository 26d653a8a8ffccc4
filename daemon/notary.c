/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The notary: the process that will number, sign and publish the audit log. It talks to no stranger and is
 * the only one that may read the log's signing key. Here it is started and watched, so that its place in the
 * life of the daemon is settled; entries wait in the database, each written with what it records.
 */
#include <signal.h>
#include <stdlib.h>

#include "daemon/base/log.h"
#include "daemon/process.h"

_Noreturn void notary_run(void)
{
    sigset_t stop;
    int signal;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGHUP);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    log_info("started", NULL);
    do {
        if (sigwait(&stop, &signal) != 0)
            fatal("sigwait", NULL);
    } while (signal != SIGTERM);
    log_info("stopped", NULL);
    exit(0);
}
