/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/mend.h"

enum { SERVER, SERVER_NAME, CA, CERTIFICATE, KEY };
static const char *const names[PROFILE_TEXTS] = {[SERVER] = "server",
                                                 [SERVER_NAME] = "server_name",
                                                 [CA] = "ca",
                                                 [CERTIFICATE] = "certificate",
                                                 [KEY] = "key"};

static int unreadable(const struct cli *cli, const char *path)
{
    char why[4200];
    snprintf(why, sizeof(why), "%s: %s", path, cli_cause(cli, errno));
    return cli_fail(cli, CLI_FILE, "无法读取身份文件", "the profile cannot be read", why);
}

static int wrong_line(const struct cli *cli, const char *path, unsigned line)
{
    char where[4200];
    snprintf(where, sizeof(where), "%s:%u", path, line);
    return cli_fail(cli, CLI_USAGE,
                    "配置有误：应为 server、server_name、ca、certificate 或 key = 值，每项一次",
                    "expected server, server_name, ca, certificate or key = value, each once", where);
}

/* A relative path is taken from the folder of the profile. */
static char *value_of(int name, const char *value, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *made = NULL;
    if (name == SERVER || name == SERVER_NAME || value[0] == '/' || slash == NULL)
        return strdup(value);
    return asprintf(&made, "%.*s/%s", (int) (slash - path), path, value) < 0 ? NULL : made;
}

static int read_lines(const struct cli *cli, FILE *file, const char *path, struct profile *profile)
{
    char line[4096];
    for (unsigned number = 1; fgets(line, sizeof(line), file) != NULL; number++) {
        if (mend_is_utf16(line, strlen(line)))
            return cli_fail_utf16(cli, path);
        char *comment = strchr(line, '#');
        if (comment != NULL)
            *comment = '\0';
        char *name = mend_line(line), *equals = strchr(name, '=');
        int which = 0;
        if (*name == '\0')
            continue;
        if (equals == NULL)
            return wrong_line(cli, path, number);
        *equals = '\0';
        name = mend_line(name);
        while (which < PROFILE_TEXTS && strcmp(names[which], name) != 0)
            which++;
        if (which == PROFILE_TEXTS || profile->texts[which] != NULL)
            return wrong_line(cli, path, number);
        profile->texts[which] = value_of(which, mend_line(equals + 1), path);
    }
    return ferror(file) ? unreadable(cli, path) : CLI_OK;
}

static int path_of(const struct cli *cli, char *path, size_t n)
{
    const char *folder = getenv("MINGCE_PROFILES"), *home = getenv("HOME");
    int length = -1;
    if (cli->profile == NULL || cli->profile[0] == '\0')
        return cli_fail(cli, CLI_USAGE, "未指定身份：请用 --profile 指明身份，或设置 MINGCE_PROFILE",
                        "say who calls: --profile NAME, or MINGCE_PROFILE", NULL);
    if (strchr(cli->profile, '/') != NULL)
        length = snprintf(path, n, "%s", cli->profile);
    else if (folder != NULL)
        length = snprintf(path, n, "%s/%s", folder, cli->profile);
    else if (home != NULL)
        length = snprintf(path, n, "%s/.config/mingce/%s", home, cli->profile);
    if (length < 0 || (size_t) length >= n)
        return cli_fail(cli, CLI_USAGE, "身份文件的路径过长或不明",
                        "the profile's path is too long or not known", NULL);
    return CLI_OK;
}

int profile_read(const struct cli *cli, struct profile *profile)
{
    char path[4096];
    *profile = (struct profile){0};
    int status = path_of(cli, path, sizeof(path));
    if (status != CLI_OK)
        return status;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return unreadable(cli, path);
    status = read_lines(cli, file, path, profile);
    fclose(file);
    if (status == CLI_OK && (profile->texts[SERVER] == NULL || profile->texts[CA] == NULL ||
                             profile->texts[CERTIFICATE] == NULL || profile->texts[KEY] == NULL))
        status = cli_fail(cli, CLI_USAGE, "身份文件缺少 server、ca、certificate 或 key",
                          "the profile lacks server, ca, certificate or key", path);
    if (status != CLI_OK) {
        profile_free(profile);
        return status;
    }
    profile->options = (struct mingce_options){.server = profile->texts[SERVER],
                                               .server_name = profile->texts[SERVER_NAME],
                                               .ca = profile->texts[CA],
                                               .certificate = profile->texts[CERTIFICATE],
                                               .key = profile->texts[KEY]};
    return CLI_OK;
}

void profile_free(struct profile *profile)
{
    for (int i = 0; i < PROFILE_TEXTS; i++)
        free(profile->texts[i]);
    *profile = (struct profile){0};
}
