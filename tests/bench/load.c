/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load tool of `make bench`: many TLS connections from one thread, requests prepared before the clock starts, every
 * answer read and counted. One JSON object on standard output.
 *
 *     load METHOD NAME=VALUE...     names are those of the table below
 */
#include "load.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct plan plan = {.connections = 1,
                           .depth = 1,
                           .milliseconds = 1000,
                           .requests = 1000,
                           .seed = 1,
                           .persons = 1,
                           .classes = 1};

static const struct {
    const char *name;
    const char **text;
    uint64_t *number;
} table[] = {
    {"server", &plan.server, NULL},
    {"ca", &plan.ca, NULL},
    {"certificate", &plan.certificate, NULL},
    {"key", &plan.key, NULL},
    {"connections", NULL, &plan.connections},
    {"depth", NULL, &plan.depth},
    {"milliseconds", NULL, &plan.milliseconds},
    {"requests", NULL, &plan.requests},
    {"rate", NULL, &plan.rate},
    {"rows", NULL, &plan.rows},
    {"seed", NULL, &plan.seed},
    {"first", NULL, &plan.first},
    {"persons", NULL, &plan.persons},
    {"class", NULL, &plan.class_number},
    {"classes", NULL, &plan.classes},
    {"day", &plan.day, NULL},
    {"cursor", &plan.cursor, NULL},
};

void die(const char *what, const char *detail)
{
    fprintf(stderr, "load: %s%s%s\n", what, *detail == '\0' ? "" : ": ", detail);
    exit(1);
}

static void take(char *word)
{
    char *equals = strchr(word, '='), *end;
    if (equals == NULL)
        die("expected NAME=VALUE", word);
    *equals = '\0';
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, word) != 0)
            continue;
        if (table[i].text != NULL) {
            *table[i].text = equals + 1;
            return;
        }
        errno = 0;
        *table[i].number = strtoull(equals + 1, &end, 10);
        if (errno != 0 || end == equals + 1 || *end != '\0')
            die("not a number", word);
        return;
    }
    die("unknown", word);
}

static void check(void)
{
    if (plan.server == NULL || plan.ca == NULL || plan.certificate == NULL || plan.key == NULL)
        die("server, ca, certificate, key are needed", "");
    if (plan.connections == 0 || plan.depth == 0 || plan.requests == 0 || plan.persons == 0)
        die("connections, depth, requests, persons are at least 1", "");
    if (requests_have_rows(&plan) != (plan.rows > 0))
        die("rows belong to imports and claims, which need them", "");
    if (strcmp(plan.method, "claim.submit") != 0 && (plan.requests * plan.rows > plan.classes * CLASS_SEATS ||
                                                     (plan.rows > 0 && CLASS_SEATS % plan.rows != 0)))
        die("more trainees than seats, or rows that do not fill a class", "");
}

static double ms_at(const struct result *result, uint64_t thousandths)
{
    if (result->answered == 0)
        return 0;
    return (double) result->latencies[(result->answered - 1) * thousandths / 1000] / 1e6;
}

int main(int argc, char **argv)
{
    struct result result = {0};
    struct rlimit files;
    if (argc < 2)
        die("usage: load METHOD|hold NAME=VALUE...", "");
    signal(SIGPIPE, SIG_IGN);
    plan.method = argv[1];
    for (int i = 2; i < argc; i++)
        take(argv[i]);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (strcmp(plan.method, "hold") == 0) {
        traffic_hold(&plan);
        return 0;
    }
    check();
    traffic_run(&plan, &result);
    printf("{\"requests\": %llu, \"records\": %llu, \"errors\": %llu, \"reason\": \"%s\", \"ran_out\": %s, "
           "\"seconds\": %.6f, \"cpu\": %.6f, \"writes\": %llu, \"reads\": %llu, \"p50_ms\": %.3f, "
           "\"p99_ms\": %.3f, "
           "\"max_ms\": %.3f}\n",
           (unsigned long long) result.answered, (unsigned long long) result.records,
           (unsigned long long) result.errors, result.reason, result.ran_out ? "true" : "false",
           (double) result.elapsed / 1e9, (double) result.cpu / 1e9, (unsigned long long) result.write_calls,
           (unsigned long long) result.read_calls, ms_at(&result, 500), ms_at(&result, 990),
           ms_at(&result, 1000));
    free(result.latencies);
    return 0;
}
