/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/verify/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/verify/keys.h"

int trust_read(const struct cli *cli, const char *key, const char *witnesses, uint64_t least,
               struct trust *trust)
{
    size_t n = 0;
    memset(trust, 0, sizeof(*trust));
    int status = keys_read(cli, key, NOTE_ED25519, trust->keys, 1, &trust->n);
    if (status == CLI_OK && witnesses != NULL)
        status = keys_read(cli, witnesses, NOTE_COSIGNATURE, trust->keys + 1, TRUST_WITNESSES, &n);
    if (status != CLI_OK)
        return status;
    trust->n += n;
    trust->least = least == 0 ? n : least;
    if (least <= n)
        return CLI_OK;
    return cli_fail(cli, CLI_USAGE, "要求联署的见证者多于公钥文件所列",
                    "more witnesses are asked for than the file has keys of", "--witnesses");
}

static int newest_first(const void *one, const void *other)
{
    uint64_t a = *(const uint64_t *) one, b = *(const uint64_t *) other;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* Counts the cosignatures, and finds the time by which there were enough. */
static void count(const struct trust *trust, const bool *verified, uint64_t *times, struct trusted *found)
{
    found->cosigned = 0;
    for (size_t i = 1; i < trust->n; i++)
        if (verified[i])
            times[found->cosigned++] = times[i];
    qsort(times, found->cosigned, sizeof(*times), newest_first);
    found->time = trust->least > 0 && found->cosigned >= trust->least ? times[trust->least - 1] : 0;
}

int trust_open(const struct cli *cli, const struct trust *trust, const char *note, size_t n,
               const char *where, struct trusted *found)
{
    bool verified[1 + TRUST_WITNESSES] = {false};
    uint64_t times[1 + TRUST_WITNESSES] = {0};
    char detail[64];
    size_t text_n;
    found->signed_ms = 0;
    enum note_verdict verdict = note_open(note, n, trust->keys, trust->n, &text_n, verified, times);
    if (verdict == NOTE_BAD_SIGNATURE)
        return cli_fail(cli, CLI_ROWS_REFUSED, "检查点上有伪造的签名或联署",
                        "a signature or cosignature of the checkpoint is false", where);
    if (verdict != NOTE_GOOD || !verified[0] || !checkpoint_parse(note, text_n, &found->checkpoint) ||
        strcmp(found->checkpoint.origin, trust->keys[0].name) != 0)
        return cli_fail(cli, CLI_ROWS_REFUSED, "检查点的签名与公钥不符",
                        "the checkpoint is not signed by this key", where);
    count(trust, verified, times, found);
    if (found->cosigned >= trust->least)
        return CLI_OK;
    snprintf(detail, sizeof(detail), "%zu / %llu", found->cosigned, (unsigned long long) trust->least);
    return cli_fail(cli, CLI_ROWS_REFUSED, "联署的见证者不足：该日志可能对他人出示了另一份历史",
                    "too few of the witnesses have cosigned: others may be shown another history", detail);
}
