/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/cli/frame/clean.h"

enum { NOT_FOUND = 127 /* what a shell exits with */, LINE = 4096 };

/* The pager that somebody wants; "": none. */
static const char *pager_wanted(void)
{
    const char *name = getenv("MINGCE_PAGER");
    if (name == NULL)
        name = getenv("PAGER");
    if (name == NULL)
        return "less";
    return strcmp(name, "cat") == 0 ? "" : name;
}

void pager_begin(struct pager *pager)
{
    *pager = (struct pager){.terminal = -1, .gathered = -1};
    if (!isatty(STDOUT_FILENO) || *pager_wanted() == '\0')
        return;
    int gathered = memfd_create("mingce", MFD_CLOEXEC);
    if (gathered < 0)
        return;
    fflush(stdout);
    pager->terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (pager->terminal < 0 || dup2(gathered, STDOUT_FILENO) < 0) {
        close(gathered);
        pager->terminal = -1;
        return;
    }
    pager->gathered = gathered;
}

/* Whether it is more than the screen holds, by its lines and by those that are wider than it. The last line of the screen is the
 * shell's. */
static bool longer_than_screen(int gathered, int terminal)
{
    struct winsize screen = {0};
    char line[LINE];
    size_t lines = 0;
    if (ioctl(terminal, TIOCGWINSZ, &screen) != 0 || screen.ws_row == 0 || screen.ws_col == 0)
        return false;
    FILE *file = fdopen(fcntl(gathered, F_DUPFD_CLOEXEC, 0), "r");
    if (file == NULL)
        return false;
    while (lines < screen.ws_row && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        size_t width = text_width(line);
        lines += width == 0 ? 1 : (width + screen.ws_col - 1) / screen.ws_col;
    }
    fclose(file);
    return lines >= screen.ws_row;
}

static void copy(int from, int to)
{
    char bytes[LINE];
    ssize_t n;
    while ((n = read(from, bytes, sizeof(bytes))) > 0)
        for (ssize_t at = 0, put; at < n; at += put)
            if ((put = write(to, bytes + at, (size_t) (n - at))) < 0)
                return;
}

/* Becomes the pager. */
static void pager_become(int gathered, bool clear)
{
    if (clear) {
        setenv("LESSSECURE", "1", 1);
        setenv("LESSHISTFILE", "-", 1);
        unsetenv("LESSOPEN");
    }
    setenv("LESS", "FRSXMK", 0);
    setenv("LESSCHARSET", "utf-8", 0);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(gathered, STDIN_FILENO) < 0)
        _exit(NOT_FOUND);
    if (clear)
        execlp("less", "less", (char *) NULL);
    else
        execl("/bin/sh", "sh", "-c", pager_wanted(), (char *) NULL);
    _exit(NOT_FOUND);
}

/* False: there is no such pager. */
static bool pager_run(int gathered, bool clear)
{
    void (*interrupted)(int) = signal(SIGINT, SIG_IGN); /* ^C is for the pager */
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        pager_become(gathered, clear);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    signal(SIGINT, interrupted);
    return child > 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND);
}

void pager_end(struct pager *pager, bool clear)
{
    if (pager->gathered < 0)
        return;
    fflush(stdout);
    dup2(pager->terminal, STDOUT_FILENO);
    lseek(pager->gathered, 0, SEEK_SET);
    bool longer = longer_than_screen(pager->gathered, pager->terminal);
    lseek(pager->gathered, 0, SEEK_SET);
    if (!longer || !pager_run(pager->gathered, clear)) {
        lseek(pager->gathered, 0, SEEK_SET);
        copy(pager->gathered, pager->terminal);
    }
    close(pager->gathered);
    close(pager->terminal);
    pager->gathered = pager->terminal = -1;
}
