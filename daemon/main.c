/* SPDX-License-Identifier: Apache-2.0 */
/* mingced: options, then the floors bottom-up. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "daemon/base/log.h"
#include "daemon/needs.h"
#include "daemon/process.h"
#include "daemon/setup.h"

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "用法 / usage: mingced [-c FILE] [--check-config] [COMMAND ...]\n"
    "\n"
    "  不带命令：前台运行服务 / without a command: serve, in the foreground\n"
    "  notary   只运行日志的公证，密钥不为对外服务的进程所及 / only what signs the log, apart from what "
    "serves\n"
    "\n"
    "  -c, --config FILE   设置文件 / settings file (name = value lines); MINGCED_<NAME> overrides\n"
    "      --check-config  检查设置及其所指的文件，并打印设置 / check the settings and the files they name, "
    "and\n"
    "                      print them; before `notary`: what that needs by itself\n"
    "      --version       版本 / version\n"
    "  -h, --help          本说明 / this text\n"
    "\n"
    "安装命令（使用 owner_database）/ installation commands (with owner_database):\n"
    "  keys create FILE    新建密钥文件；keys add、keys use 轮换 / make a key ring; keys add, keys use "
    "rotate it\n"
    "  log create-key NAME FILE  新建签名密钥；log begin 使日志开始，log adopt 用于其余主机\n"
    "                      make a signing key; log begin begins the log, log adopt is for further hosts\n"
    "  reseal              用当前密钥重新封存旧记录 / seal old records with the present key\n"
    "  migrate             建立或升级数据库结构 / create or upgrade the schema\n"
    "  organisation, operator, scope, occupations   登记机构、操作员、培训范围、职业 (COMMAND --help)\n"
    "\n"
    "退出码 / exit status: 0 ok, 1 failure, 2 usage\n";

/* Keys and personal data pass through this memory: no core dumps, no ptrace. The leak checker of a
 * sanitized build needs ptrace, so there only the dump's size is limited. */
static void forbid_dumps(void)
{
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        fatal("rlimit-core", NULL);
#ifndef __SANITIZE_ADDRESS__
    if (prctl(PR_SET_DUMPABLE, 0) != 0)
        fatal("dumpable", NULL);
#endif
}

/* Without a file the settings are only shown: nothing is named yet. */
static int check_config(const char *path, enum supervised what)
{
    struct settings settings;
    char error[512];
    if (!settings_load(&settings, path, error, sizeof(error))) {
        fprintf(stderr, "mingced: %s\n", error);
        return EXIT_FAILURE;
    }
    settings_print(&settings, stdout);
    bool good = path == NULL || needs_met(&settings, what);
    settings_free(&settings);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_command(const char *path, int argc, char **argv)
{
    struct settings settings;
    char error[512];
    if (!settings_load(&settings, path, error, sizeof(error))) {
        fprintf(stderr, "mingced: %s\n", error);
        return EXIT_FAILURE;
    }
    int status = setup_command(&settings, argc, argv);
    settings_free(&settings);
    return status;
}

/* The exit status, when all of the output has gone out. */
static int finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fprintf(stderr, "mingced: cannot write: %s\n", strerror(errno));
    return status == EXIT_SUCCESS ? EXIT_FAILURE : status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"check-config", no_argument, NULL, 'k'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const char *path = NULL;
    bool check = false;
    int option;
    while ((option = getopt_long(argc, argv, "+c:h", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            path = optarg;
            break;
        case 'k':
            check = true;
            break;
        case 'v':
            puts("mingced " MINGCE_VERSION);
            return finish(EXIT_SUCCESS);
        case 'h':
            fputs(usage, stdout);
            return finish(EXIT_SUCCESS);
        default:
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    log_start("mingced", LOG_LEVEL_INFO);
    forbid_dumps();
    signal(SIGXFSZ, SIG_IGN); /* a write that a limit forbids fails, and says so */
    bool notary = optind + 1 == argc && strcmp(argv[optind], "notary") == 0;
    if (check && optind < argc && !notary) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (check)
        return finish(check_config(path, notary ? SUPERVISE_LOG : SUPERVISE_ALL));
    if (notary)
        return supervisor_run(path, SUPERVISE_LOG);
    if (optind < argc)
        return finish(run_command(path, argc - optind, argv + optind));
    return supervisor_run(path, SUPERVISE_ALL);
}
