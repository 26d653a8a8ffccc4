/* SPDX-License-Identifier: Apache-2.0 */
/* A settings file. What is taken can be printed, and what is printed is taken; nothing secret is printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/base/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static int load(const void *data, size_t size, struct settings *settings)
{
    char path[64], error[512] = "";
    int fd = memfd_create("settings", MFD_CLOEXEC);
    require(fd >= 0 && write(fd, data, size) == (ssize_t) size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    int good = settings_load(settings, path, error, sizeof(error));
    require(good == (*error == '\0'));
    close(fd);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings, again;
    if (!load(data, size, &settings))
        return 0;
    char *printed = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&printed, &n);
    require(out != NULL);
    settings_print(&settings, out);
    require(fclose(out) == 0);
    require(load(printed, n, &again));
    require(settings.workers == again.workers && settings.frame_bytes == again.frame_bytes &&
            settings.log_level == again.log_level && strcmp(settings.listen, again.listen) == 0);
    settings_check_reload(&settings, &again);
    settings_keep(&again, &settings);
    settings_free(&again);
    settings_free(&settings);
    free(printed);
    return 0;
}
