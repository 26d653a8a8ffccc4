/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/cli/frame/clean.h"
#include "proto/rules/day.h"

enum { PROGRESS_AFTER_MS = 1000, PROGRESS_EVERY_MS = 200 };

int cli_fail(const struct cli *cli, int status, const char *zh, const char *en, const char *detail)
{
    char *line =
        NULL; /* of any length: a server may have written the sentence, and a path may be the detail */
    if (asprintf(&line, "%s: %s%s%s%s", cli->program, cli_say(cli, zh, en), detail == NULL ? "" : " (",
                 detail == NULL ? "" : detail, detail == NULL ? "" : ")") < 0)
        return status;
    clean_text(line);
    fprintf(stderr, "%s\n", line);
    free(line);
    return status;
}

const char *cli_cause(const struct cli *cli, int error)
{
    static const struct {
        int error;
        const char *zh;
    } causes[] = {{ENOENT, "没有这个文件或目录"},
                  {EACCES, "没有权限"},
                  {EPERM, "没有权限"},
                  {EISDIR, "是目录，不是文件"},
                  {ENOTDIR, "不是目录"},
                  {ENOSPC, "磁盘已满"},
                  {EROFS, "磁盘只读"},
                  {EFBIG, "文件过大"},
                  {EEXIST, "文件已存在"},
                  {ENAMETOOLONG, "文件名过长"},
                  {EIO, "磁盘读写出错"}};
    for (size_t i = 0; cli->zh && i < sizeof(causes) / sizeof(*causes); i++)
        if (causes[i].error == error)
            return causes[i].zh;
    return strerror(error);
}

int cli_fail_utf16(const struct cli *cli, const char *path)
{
    return cli_fail(cli, CLI_FILE, "文件是 UTF-16 编码（记事本的“Unicode”），请另存为 UTF-8",
                    "the file is in UTF-16 (Notepad's \"Unicode\"): save it as UTF-8", path);
}

bool cli_same_file(const struct cli *cli, const char *path, const char *rejects)
{
    struct stat one, other;
    if (rejects == NULL || stat(path, &one) != 0 || stat(rejects, &other) != 0 ||
        one.st_dev != other.st_dev || one.st_ino != other.st_ino)
        return false;
    cli_fail(cli, CLI_USAGE, "写出的文件不能是所导入的文件本身",
             "what is written must be another file than the one imported", rejects);
    return true;
}

bool cli_blank(const char *text, size_t n)
{
    static const char mark[] = "\xef\xbb\xbf"; /* the byte order mark of UTF-8 */
    size_t at = n >= sizeof(mark) - 1 && memcmp(text, mark, sizeof(mark) - 1) == 0 ? sizeof(mark) - 1 : 0;
    while (at < n && text[at] != '\0' && strchr(" \t\r\n", text[at]) != NULL)
        at++;
    return at == n;
}

bool cli_format(struct cli *cli, const char *text)
{
    static const char *const words[] = {
        [FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv", [FORMAT_XLSX] = "xlsx"};
    for (size_t i = FORMAT_TABLE; i < sizeof(words) / sizeof(*words); i++)
        if (strcmp(words[i], text) == 0) {
            cli->format = (enum cli_format) i;
            cli->json = cli->format == FORMAT_JSON;
            return true;
        }
    cli_fail(cli, CLI_USAGE, "--format 应为 table、json、csv、xlsx 之一",
             "--format is one of table, json, csv, xlsx", text);
    return false;
}

bool cli_number(const struct cli *cli, const char *option, const char *text, uint64_t least, uint64_t most,
                uint64_t *number)
{
    char *end;
    char zh[96], en[96];
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (isdigit((unsigned char) text[0]) && *end == '\0' && errno == 0 && *number >= least && *number <= most)
        return true;
    *number = 0;
    if (most >= INT32_MAX) { /* a bound that high would tell the reader nothing */
        if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0')
            cli_fail(cli, CLI_USAGE, "没有这样的数字：过大或过小",
                     "there is no such number: it is too large or too small", option);
        else
            cli_fail(cli, CLI_USAGE, "应填整数", "digits only are expected", option);
        return false;
    }
    snprintf(zh, sizeof(zh), "应为%llu至%llu的整数", (unsigned long long) least, (unsigned long long) most);
    snprintf(en, sizeof(en), "a whole number from %llu to %llu is expected", (unsigned long long) least,
             (unsigned long long) most);
    cli_fail(cli, CLI_USAGE, zh, en, option);
    return false;
}

bool cli_day(const struct cli *cli, const char *option, const char *text, int32_t *found)
{
    *found = day_parse(text);
    if (*found != DAY_NONE)
        return true;
    cli_fail(cli, CLI_USAGE, "日期应写成 2026-03-01", "a day is written 2026-03-01", option);
    return false;
}

int64_t cli_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How fast it goes, and how long it will take; 0 until something is done. */
struct pace {
    size_t rows_per_s, seconds_left;
};

static struct pace pace(const struct cli_progress *progress, int64_t now, size_t done, size_t total)
{
    int64_t passed = now - progress->began_ms;
    if (done == 0 || passed <= 0)
        return (struct pace){0};
    return (struct pace){(size_t) ((double) done * 1000 / (double) passed),
                         (size_t) ((double) (total - done) * (double) passed / (double) done / 1000 + 1)};
}

static void progress_json(const struct cli_progress *progress, int64_t now, size_t done, size_t total)
{
    struct pace at = pace(progress, now, done, total);
    fprintf(stderr, "{\"done\":%zu,\"total\":%zu,\"rows_per_s\":%zu,\"seconds_left\":%zu}\n", done, total,
            at.rows_per_s, done >= total ? 0 : at.seconds_left);
}

static void progress_line(const struct cli *cli, const struct cli_progress *progress, int64_t now,
                          size_t done, size_t total)
{
    struct pace at = pace(progress, now, done, total);
    fprintf(stderr, cli->zh ? "\r\033[K已处理 %zu / %zu 行" : "\r\033[K%zu of %zu rows", done, total);
    if (at.rows_per_s > 0)
        fprintf(stderr, cli->zh ? "，每秒 %zu 行，约剩 %zu 秒" : ", %zu a second, about %zu s left",
                at.rows_per_s, at.seconds_left);
}

void cli_progress(const struct cli *cli, struct cli_progress *progress, size_t done, size_t total)
{
    int64_t now = cli_now_ms();
    bool over = done >= total;
    if (progress->began_ms == 0)
        progress->began_ms = now;
    if (over && cli->progress_json) {
        size_t all = progress->total > total ? progress->total : total;
        progress_json(progress, now, all, all);
    } else if (over && progress->shown_ms != 0) {
        fputs("\r\033[K", stderr);
    }
    progress->total = total;
    if (over || now - progress->shown_ms < PROGRESS_EVERY_MS ||
        !(cli->progress_json || (isatty(STDERR_FILENO) && now - progress->began_ms >= PROGRESS_AFTER_MS)))
        return;
    progress->shown_ms = now;
    if (cli->progress_json)
        progress_json(progress, now, done, total);
    else
        progress_line(cli, progress, now, done, total);
}

void cli_time(int64_t ms, char text[CLI_TIME])
{
    enum { SHANGHAI_S = 8 * 3600 }; /* China has no summer time */
    time_t seconds = (time_t) (ms / 1000) + SHANGHAI_S;
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || strftime(text, CLI_TIME, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        text[0] = '\0';
}
