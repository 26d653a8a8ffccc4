/* SPDX-License-Identifier: Apache-2.0 */
/* The supervisor: opens the sockets (or takes systemd's), forks, restarts what dies, drains, reloads. */
#include <errno.h>
#include <event2/util.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/audit/witnesses.h"
#include "daemon/base/clock.h"
#include "daemon/base/compiler.h"
#include "daemon/base/log.h"
#include "daemon/base/metrics.h"
#include "daemon/process.h"

enum {
    BACKLOG = 4096,
    LIVED_MS = 2000,  /* a child that lived this long is restarted at once */
    RESTART_MS = 100, /* else after this, doubled each time */
    RESTART_MOST_MS = 5000,
    KILL_AFTER_MS = 2000, /* beyond the drain time */
    SILENCE_MS = 5000,    /* without a pulse (base/metrics.h) a child hangs */
    FAILURES_MOST = 7,    /* failures of a child in a row, each soon after its start: about six seconds */
};

enum kind { WORKER, NOTARY, COLLECTOR };
static const char *const kind_names[] = {"worker", "notary", "collector"};

struct child {
    enum kind kind;
    pid_t pid; /* 0: not running */
    int64_t started_ms;
    int64_t restart_at_ms;
    int restart_delay_ms;
    int failures; /* how often in a row it has ended by itself soon after its start */
    bool killed;  /* it hung, and has not been reaped yet */
};

struct supervisor {
    const char *path;
    struct settings settings;
    int sockets[SOCKETS];
    size_t sockets_n;
    int metrics; /* socket of metrics and health; -1: none */
    int signals; /* signalfd */
    int ready
        [2]; /* workers write one byte each when they serve; where there are none, the notary when it can sign */
    size_t ready_n;
    bool told;                     /* READY has been said */
    int64_t pulse_ms, pulse_at_ms; /* of systemd's watchdog; 0: it does not watch */
    int64_t looked_ms;             /* for children that hang */
    int64_t awake_ms;              /* since then this loop has missed no look */
    int stopping;                  /* SIGTERMs so far */
    int64_t kill_at_ms;
    int status;
    enum supervised what;
    size_t workers_n;
    struct child *children; /* workers, the notary, the collector */
    size_t children_n;
};

static void socket_name(int fd, char *text, size_t n)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    char host[64] = "?";
    uint16_t port = 0;
    if (getsockname(fd, (struct sockaddr *) &address, &length) == 0 && address.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *) &address;
        evutil_inet_ntop(AF_INET, &in->sin_addr, host, sizeof(host));
        port = ntohs(in->sin_port);
    } else if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *) &address;
        evutil_inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof(host));
        port = ntohs(in->sin6_port);
    }
    evutil_snprintf(text, n, "%s:%u", host, port);
}

/* An address and port, or the path of a socket that the group may use; what is left of an earlier one goes. */
static bool address_of(const char *listen_on, struct sockaddr_storage *address, int *length)
{
    struct sockaddr_un *local = (struct sockaddr_un *) address;
    if (*listen_on != '/')
        return evutil_parse_sockaddr_port(listen_on, (struct sockaddr *) address, length) == 0;
    if (strlen(listen_on) >= sizeof(local->sun_path))
        return false;
    memset(address, 0, sizeof(*address));
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, listen_on, strlen(listen_on) + 1);
    *length = sizeof(*local);
    unlink(listen_on);
    return true;
}

static int socket_listen(const char *listen_on)
{
    struct sockaddr_storage address;
    int length = sizeof(address), one = 1;
    if (!address_of(listen_on, &address, &length))
        fatal("listen-address", "listen=%s", listen_on);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
        bind(fd, (struct sockaddr *) &address, (socklen_t) length) != 0 || listen(fd, BACKLOG) != 0)
        fatal("listen", "listen=%s errno=%d why=\"%s\"", listen_on, errno, strerror(errno));
    return fd;
}

static void sockets_open(struct supervisor *supervisor)
{
    char **names = NULL;
    int given = sd_listen_fds_with_names(1, &names);
    supervisor->metrics = -1;
    if (given < 0 || given > SOCKETS)
        fatal("sockets-given", "n=%d most=%d", given, SOCKETS);
    for (int i = 0; i < given; i++) {
        int fd = SD_LISTEN_FDS_START + i;
        if (evutil_make_socket_nonblocking(fd) != 0 || sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
            fatal("socket-given", "fd=%d", fd);
        if (strcmp(names[i], "metrics") == 0)
            supervisor->metrics = fd;
        else
            supervisor->sockets[supervisor->sockets_n++] = fd;
        free(names[i]);
    }
    free(names);
    if (supervisor->metrics < 0 && *supervisor->settings.metrics_listen != '\0')
        supervisor->metrics = socket_listen(supervisor->settings.metrics_listen);
    if (supervisor->sockets_n == 0 && supervisor->workers_n > 0)
        supervisor->sockets[supervisor->sockets_n++] = socket_listen(supervisor->settings.listen);
    for (size_t i = 0; i < supervisor->sockets_n; i++) {
        char name[96];
        socket_name(supervisor->sockets[i], name, sizeof(name));
        log_info("listening", "address=%s", name);
    }
}

static void signals_open(struct supervisor *supervisor)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigaddset(&watched, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &watched, NULL) != 0)
        fatal("sigprocmask", "errno=%d", errno);
    supervisor->signals = signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
    if (supervisor->signals < 0 || pipe2(supervisor->ready, O_NONBLOCK | O_CLOEXEC) != 0)
        fatal("signalfd", "errno=%d", errno);
    signal(SIGPIPE, SIG_IGN);
}

/* What a child must not share with its parent. A supervisor that is killed takes its children along. */
static void child_begin(const struct supervisor *supervisor, pid_t parent)
{
    sigset_t none;
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        _exit(1);
    signal(SIGINT, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    close(supervisor->signals);
    close(supervisor->ready[0]);
}

static void child_start(struct supervisor *supervisor, struct child *child)
{
    pid_t parent = getpid();
    child->started_ms = clock_monotonic_ms(); /* before its first pulse */
    pid_t pid = fork();
    if (pid < 0) {
        log_error("fork", "errno=%d", errno);
        child->restart_at_ms = clock_monotonic_ms() + RESTART_MOST_MS;
        return;
    }
    if (pid == 0) {
        enum kind kind = child->kind;
        size_t slot = (size_t) (child - supervisor->children);
        child_begin(supervisor, parent);
        free(supervisor->children);
        metrics_take(slot);
        if (kind == WORKER)
            worker_run(supervisor->path, &supervisor->settings, supervisor->sockets, supervisor->sockets_n,
                       supervisor->metrics, supervisor->ready[1]);
        bool alone = supervisor->workers_n == 0, shows = kind == COLLECTOR && alone;
        if (supervisor->metrics >= 0 && !shows)
            close(supervisor->metrics);
        for (size_t i = 0; i < supervisor->sockets_n; i++)
            close(supervisor->sockets[i]);
        if (kind != NOTARY || !alone)
            close(supervisor->ready[1]);
        log_start(kind_names[kind], supervisor->settings.log_level);
        if (kind == COLLECTOR)
            collector_run(&supervisor->settings, shows ? supervisor->metrics : -1);
        notary_run(&supervisor->settings, alone ? supervisor->ready[1] : -1);
    }
    child->pid = pid;
    child->killed = false;
}

static void children_signal(const struct supervisor *supervisor, int signal)
{
    for (size_t i = 0; i < supervisor->children_n; i++)
        if (supervisor->children[i].pid != 0)
            kill(supervisor->children[i].pid, signal);
}

static void stop(struct supervisor *supervisor)
{
    supervisor->stopping++;
    int64_t patience =
        supervisor->stopping == 1 ? supervisor->settings.drain_ms + KILL_AFTER_MS : KILL_AFTER_MS;
    supervisor->kill_at_ms = clock_monotonic_ms() + patience;
    log_info("stopping", "asked=%d", supervisor->stopping);
    sd_notify(0, "STOPPING=1");
    children_signal(supervisor, SIGTERM);
}

static void reload(struct supervisor *supervisor)
{
    struct settings fresh;
    char error[512];
    sd_notify(0, "RELOADING=1");
    if (!settings_load(&fresh, supervisor->path, error, sizeof(error))) {
        log_error("reload-refused", "why=\"%s\"", error);
    } else {
        struct settings stale = supervisor->settings;
        const char *restart = settings_check_reload(&stale, &fresh);
        if (restart != NULL)
            log_warn("needs-restart", "setting=%s", restart);
        settings_keep(&fresh, &stale); /* a worker started again is like its brothers */
        supervisor->settings = fresh;
        settings_free(&stale);
        log_start("supervisor", supervisor->settings.log_level);
        children_signal(supervisor, SIGHUP);
    }
    if (supervisor->told)
        sd_notify(0, "READY=1");
}

static void give_up(struct supervisor *supervisor, const char *event, const char *child)
{
    log_error(event, "child=%s", child); /* it has said why */
    supervisor->status = EXIT_FAILURE;
    stop(supervisor);
}

/* Whether no child of its kind does its work. One that is killed from outside has not failed. */
static bool hopeless(const struct supervisor *supervisor, const struct child *child)
{
    for (size_t i = 0; i < supervisor->children_n; i++)
        if (supervisor->children[i].kind == child->kind && supervisor->children[i].failures < FAILURES_MOST)
            return false;
    return true;
}

static void child_ended(struct supervisor *supervisor, struct child *child, int status)
{
    int64_t now = clock_monotonic_ms();
    bool orderly = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    const char *what = kind_names[child->kind];
    log_event(supervisor->stopping && orderly ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "ended",
              "child=%s child_pid=%d status=%d signal=%d", what, (int) child->pid,
              WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    child->pid = 0;
    if (child->kind == WORKER)
        metrics_drop((size_t) (child - supervisor->children));
    if (supervisor->stopping)
        return;
    if (child->kind == WORKER)
        metrics_add(METRIC_WORKERS_RESTARTED, 1);
    if (!supervisor->told && WIFEXITED(status) && WEXITSTATUS(status) == 1) {
        give_up(supervisor, "cannot-start", what);
        return;
    }
    bool lived = now - child->started_ms >= LIVED_MS;
    bool by_itself = !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
    child->failures = lived ? 0 : child->failures + by_itself;
    if (hopeless(supervisor, child)) {
        give_up(supervisor, "cannot-go-on", what);
        return;
    }
    int twice = child->restart_delay_ms == 0 ? RESTART_MS : child->restart_delay_ms * 2;
    child->restart_delay_ms = lived ? 0 : twice > RESTART_MOST_MS ? RESTART_MOST_MS : twice;
    child->restart_at_ms = now + child->restart_delay_ms;
}

static void children_reap(struct supervisor *supervisor)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (size_t i = 0; i < supervisor->children_n; i++)
            if (supervisor->children[i].pid == pid)
                child_ended(supervisor, &supervisor->children[i], status);
}

static void signals_read(struct supervisor *supervisor)
{
    struct signalfd_siginfo info;
    while (read(supervisor->signals, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGCHLD)
            children_reap(supervisor);
        else if (info.ssi_signo == SIGHUP && !supervisor->stopping)
            reload(supervisor);
        else if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
            stop(supervisor);
    }
}

static void say_ready(struct supervisor *supervisor)
{
    supervisor->told = true;
    log_info("ready", "workers=%zu", supervisor->workers_n);
    sd_notify(0, "READY=1");
}

static void ready_read(struct supervisor *supervisor)
{
    char bytes[64];
    ssize_t n = read(supervisor->ready[0], bytes, sizeof(bytes));
    if (n <= 0)
        return;
    supervisor->ready_n += (size_t) n;
    size_t awaited = supervisor->workers_n > 0 ? supervisor->workers_n : 1;
    if (supervisor->told || supervisor->stopping || supervisor->ready_n < awaited)
        return;
    say_ready(supervisor);
}

/* Tells systemd's watchdog that this loop turns. Returns when to tell it again. */
static int64_t pulse(struct supervisor *supervisor, int64_t now)
{
    if (supervisor->pulse_ms == 0)
        return INT64_MAX;
    if (now >= supervisor->pulse_at_ms) {
        sd_notify(0, "WATCHDOG=1");
        supervisor->pulse_at_ms = now + supervisor->pulse_ms;
    }
    return supervisor->pulse_at_ms;
}

/* Whether a debugger holds the process: it may stand still then. */
static bool traced(pid_t pid)
{
    char path[64], line[128];
    unsigned long tracer = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int) pid);
    FILE *status = fopen(path, "re");
    while (status != NULL && tracer == 0 && fgets(line, sizeof(line), status) != NULL)
        if (strncmp(line, "TracerPid:", strlen("TracerPid:")) == 0)
            tracer = strtoul(line + strlen("TracerPid:"), NULL, 10);
    if (status != NULL)
        fclose(status);
    return tracer != 0;
}

/* A child hangs when it has pulsed since its start and then fell silent while this loop was running. */
static bool hangs(const struct supervisor *supervisor, const struct child *child, int64_t now)
{
    int64_t pulsed = metrics_pulsed_ms((size_t) (child - supervisor->children));
    bool begun = child->pid != 0 && pulsed > 0 && pulsed >= child->started_ms;
    return begun && now - pulsed > SILENCE_MS && now - supervisor->awake_ms > SILENCE_MS &&
           !traced(child->pid);
}

/* Kills children that hang; they are replaced as others that die. Returns when to look again. */
static int64_t hung_kill(struct supervisor *supervisor, int64_t now)
{
    if (now < supervisor->looked_ms + METRICS_PULSE_MS)
        return supervisor->looked_ms + METRICS_PULSE_MS;
    if (now - supervisor->looked_ms > 2 * METRICS_PULSE_MS) /* the whole machine may have stood still */
        supervisor->awake_ms = now;
    supervisor->looked_ms = now;
    for (size_t i = 0; i < supervisor->children_n; i++) {
        struct child *child = &supervisor->children[i];
        if (child->killed || !hangs(supervisor, child, now))
            continue;
        log_error("hung", "child=%s child_pid=%d silent_ms=%lld", kind_names[child->kind], (int) child->pid,
                  (long long) (now - metrics_pulsed_ms(i)));
        metrics_add(METRIC_CHILDREN_HUNG, 1);
        child->killed = true;
        kill(child->pid, SIGKILL);
    }
    return now + METRICS_PULSE_MS;
}

/* Kills what hangs, starts what is due; returns how long poll() may sleep, -1: until something happens. */
static int children_tend(struct supervisor *supervisor)
{
    int64_t now = clock_monotonic_ms(), wake = pulse(supervisor, now);
    if (supervisor->stopping && supervisor->kill_at_ms < wake)
        wake = supervisor->kill_at_ms;
    if (supervisor->stopping && now >= supervisor->kill_at_ms) {
        children_signal(supervisor, SIGKILL);
        wake = now + KILL_AFTER_MS;
    }
    int64_t look = supervisor->stopping ? INT64_MAX : hung_kill(supervisor, now);
    if (look < wake)
        wake = look;
    for (size_t i = 0; i < supervisor->children_n && !supervisor->stopping; i++) {
        struct child *child = &supervisor->children[i];
        if (child->pid == 0 && now >= child->restart_at_ms)
            child_start(supervisor, child);
        if (child->pid == 0 && child->restart_at_ms < wake)
            wake = child->restart_at_ms;
    }
    return wake == INT64_MAX ? -1 : (int) (wake > now ? wake - now : 0);
}

static bool children_left(const struct supervisor *supervisor)
{
    for (size_t i = 0; i < supervisor->children_n; i++)
        if (supervisor->children[i].pid != 0)
            return true;
    return false;
}

static void supervise(struct supervisor *supervisor)
{
    while (!supervisor->stopping || children_left(supervisor)) {
        int sleep_ms = children_tend(supervisor);
        struct pollfd watched[] = {{.fd = supervisor->signals, .events = POLLIN},
                                   {.fd = supervisor->ready[0], .events = POLLIN}};
        if (poll(watched, ARRAY_SIZE(watched), sleep_ms) < 0 && errno != EINTR)
            fatal("poll", "errno=%d", errno);
        signals_read(supervisor);
        ready_read(supervisor);
    }
}

/* Checked before anything is forked: a child that refuses the file later would only be started again. */
static void witnesses_check(const char *path)
{
    static struct witnesses witnesses;
    const char *why = witnesses_load(path, &witnesses);
    if (why != NULL)
        fatal("witnesses-refused", "why=\"%s\"", why);
}

/* Which processes there are to be. */
static void children_plan(struct supervisor *supervisor)
{
    const struct settings *settings = &supervisor->settings;
    bool notary = *settings->log_key != '\0';
    bool collector = supervisor->what == SUPERVISE_LOG || (notary && *settings->witnesses != '\0');
    if (!notary && supervisor->what == SUPERVISE_LOG)
        fatal("log-settings", "why=\"there is no log_key\"");
    if (notary && (*settings->log_state == '\0' || *settings->notary_database == '\0'))
        fatal("log-settings", "why=\"log_key needs log_state and notary_database\"");
    if (collector && *settings->notary_database == '\0')
        fatal("log-settings", "why=\"witnesses needs notary_database\"");
    supervisor->children_n = supervisor->workers_n + notary + collector;
    supervisor->children = calloc(supervisor->children_n, sizeof(*supervisor->children));
    if (supervisor->children == NULL)
        fatal("out-of-memory", NULL);
    if (notary)
        supervisor->children[supervisor->workers_n].kind = NOTARY;
    if (collector)
        supervisor->children[supervisor->children_n - 1].kind = COLLECTOR;
}

int supervisor_run(const char *path, enum supervised what)
{
    struct supervisor supervisor = {.path = path, .what = what};
    char error[512];
    if (!settings_load(&supervisor.settings, path, error, sizeof(error)))
        fatal("settings-refused", "why=\"%s\"", error);
    log_start("supervisor", supervisor.settings.log_level);
    witnesses_check(supervisor.settings.witnesses);
    supervisor.workers_n = what == SUPERVISE_LOG ? 0 : supervisor.settings.workers;
    if (!metrics_share())
        fatal("out-of-memory", NULL);
    sockets_open(&supervisor);
    signals_open(&supervisor);
    uint64_t watchdog_us = 0;
    if (sd_watchdog_enabled(0, &watchdog_us) > 0)
        supervisor.pulse_ms = (int64_t) (watchdog_us / 2000);
    children_plan(&supervisor);
    supervise(&supervisor);
    log_info("stopped", NULL);
    free(supervisor.children);
    settings_free(&supervisor.settings);
    return supervisor.status;
}
