/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be preloaded: the nth allocation or system call of a process fails. Which one stands in a file that is shared
 * with the test (failing.py has the same layout) and can be set while the process runs. System calls are those made
 * through the C library's functions named below, with an error that each of them can have.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ALLOCATIONS = 1, SYSTEM_CALLS = 2 };

static struct control {
    int32_t pid;  /* 0: any process */
    int32_t kind; /* 0: nothing fails */
    int64_t nth;  /* counted from 1; 0: only count */
    int64_t count;
    char failed[32]; /* what did */
} * control;

__attribute__((constructor)) static void open_control(void)
{
    const char *path = getenv("MINGCE_FAILING");
    int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *shared = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared != MAP_FAILED)
        control = shared;
}

static bool fails(int kind, const char *name)
{
    if (control == NULL || control->kind != kind || (control->pid != 0 && control->pid != getpid()))
        return false;
    if (__atomic_add_fetch(&control->count, 1, __ATOMIC_RELAXED) != control->nth)
        return false;
    for (size_t i = 0; i + 1 < sizeof(control->failed) && name[i] != '\0'; i++)
        control->failed[i] = name[i];
    return true;
}

/* ---- allocations: glibc's own, under the names it keeps for this ---- */

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static bool refused(const char *name)
{
    bool so = fails(ALLOCATIONS, name);
    if (so)
        errno = ENOMEM;
    return so;
}

void *malloc(size_t n)
{
    return refused("malloc") ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return refused("calloc") ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
    return refused("realloc") ? NULL : __libc_realloc(old, n);
}

/* ---- system calls ---- */

#define CALL(type, name, error, parameters, ...)                                                             \
    type name parameters                                                                                     \
    {                                                                                                        \
        static type(*real) parameters;                                                                       \
        if (real == NULL)                                                                                    \
            *(void **) &real = dlsym(RTLD_NEXT, #name);                                                      \
        if (fails(SYSTEM_CALLS, #name)) {                                                                    \
            errno = error;                                                                                   \
            return -1;                                                                                       \
        }                                                                                                    \
        return real(__VA_ARGS__);                                                                            \
    }

CALL(ssize_t, read, EIO, (int fd, void *to, size_t n), fd, to, n)
CALL(ssize_t, write, ENOSPC, (int fd, const void *from, size_t n), fd, from, n)
CALL(ssize_t, writev, ENOSPC, (int fd, const struct iovec *parts, int n), fd, parts, n)
CALL(ssize_t, recv, ECONNRESET, (int fd, void *to, size_t n, int flags), fd, to, n, flags)
CALL(ssize_t, send, EPIPE, (int fd, const void *from, size_t n, int flags), fd, from, n, flags)
CALL(int, accept4, EMFILE, (int fd, struct sockaddr *who, socklen_t *n, int flags), fd, who, n, flags)
CALL(int, socket, EMFILE, (int domain, int type, int protocol), domain, type, protocol)
CALL(int, connect, ECONNREFUSED, (int fd, const struct sockaddr *to, socklen_t n), fd, to, n)
CALL(int, shutdown, ENOTCONN, (int fd, int how), fd, how)
CALL(int, setsockopt, ENOBUFS, (int fd, int level, int name, const void *value, socklen_t n), fd, level, name,
     value, n)
CALL(int, getsockopt, ENOBUFS, (int fd, int level, int name, void *value, socklen_t *n), fd, level, name,
     value, n)
CALL(int, epoll_ctl, ENOMEM, (int fd, int what, int of, struct epoll_event *event), fd, what, of, event)
CALL(int, epoll_wait, EINTR, (int fd, struct epoll_event *events, int n, int ms), fd, events, n, ms)
CALL(int, poll, EINTR, (struct pollfd * fds, nfds_t n, int ms), fds, n, ms)
CALL(ssize_t, getrandom, EINTR, (void *to, size_t n, unsigned flags), to, n, flags)

/* A close that fails has closed. */
int close(int fd)
{
    static int (*real)(int);
    if (real == NULL)
        *(void **) &real = dlsym(RTLD_NEXT, "close");
    int result = real(fd);
    if (!fails(SYSTEM_CALLS, "close"))
        return result;
    errno = EIO;
    return -1;
}

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (real == NULL)
        *(void **) &real = dlsym(RTLD_NEXT, "open");
    if (!fails(SYSTEM_CALLS, "open"))
        return real(path, flags, mode);
    errno = EMFILE;
    return -1;
}
