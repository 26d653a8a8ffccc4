/* SPDX-License-Identifier: Apache-2.0 */
/* The papers and videos of a project's settlement, by their digests (E15). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/pages.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "client/cli/frame/call.h"
#include "proto/material.pb-c.h"
#include "proto/tlog/sha256.h"

/* ---- add ---- */

/* Reads the file once: it may be a video of many gigabytes. */
static int digest_file(const struct cli *cli, const char *path, uint8_t digest[SHA256_BYTES], uint64_t *bytes)
{
    static uint8_t chunk[1 << 16];
    SHA256_CTX hash;
    size_t n;
    FILE *file = fopen(path, "rbe");
    *bytes = 0;
    sha256_begin(&hash);
    while (file != NULL && (n = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        sha256_add(&hash, chunk, n);
        *bytes += n;
    }
    sha256_end(&hash, digest);
    bool whole = file != NULL && !ferror(file);
    int why = errno;
    if (file != NULL)
        fclose(file);
    if (!whole)
        return cli_fail(cli, CLI_FILE, "文件无法读取", "the file cannot be read", strerror(why));
    return *bytes > 0 ? CLI_OK : cli_fail(cli, CLI_FILE, "文件是空的", "the file is empty", path);
}

static const struct shown added_columns[] = {
    {"material_id", "材料编号", "material", .as = AS_ID},
    {"keep_until", "至少保存至", "keep until", .as = AS_TEXT},
};
static const struct show added = SHOW(added_columns);

static int material_add(struct cli *cli, struct given *given)
{
    Mingce__V1__MaterialAddRequest request = MINGCE__V1__MATERIAL_ADD_REQUEST__INIT;
    uint8_t digest[SHA256_BYTES];
    int status = digest_file(cli, given_text(given, "FILE"), digest, &request.file_bytes);
    if (status != CLI_OK)
        return status;
    request.project_id = given_id(given, "PROJECT");
    request.kind = (Mingce__V1__MaterialKind) given_word(given, "kind");
    request.file_digest = (ProtobufCBinaryData){sizeof(digest), digest};
    request.title = given_text(given, "title");
    return show_write(cli, "material.add", &request.base, &added);
}

static int material_withdraw(struct cli *cli, struct given *given)
{
    Mingce__V1__MaterialWithdrawRequest request = MINGCE__V1__MATERIAL_WITHDRAW_REQUEST__INIT;
    request.material_id = given_id(given, "MATERIAL");
    request.reason = given_text(given, "reason");
    return cli_write(cli, "material.withdraw", &request.base);
}

/* ---- list ---- */

static const struct shown columns[] = {
    {"material_id", "材料编号", "material", .as = AS_ID},
    {"kind", "种类", "kind", .as = AS_WORD, .words = WORD_MATERIAL},
    {"title", "名称", "title", .as = AS_TEXT},
    {"file_bytes", "字节", "bytes", .as = AS_NUMBER},
    {"file_digest", "SHA256", "SHA256", .as = AS_ID},
    {"keep_until", "至少保存至", "keep until", .as = AS_TEXT},
    {"organisation_name", "保存单位", "kept by", .as = AS_TEXT},
    {"recorded_by", "登记人", "recorded by", .as = AS_TEXT},
    {"recorded_at", "登记时间", "recorded", .as = AS_TIME},
    {"withdrawn_at", "撤回时间", "withdrawn", .as = AS_TIME},
    {"withdrawn_by", "撤回人", "withdrawn by", .as = AS_TEXT},
    {"withdrawn_reason", "撤回理由", "why it was withdrawn", .as = AS_TEXT},
};
static const struct show list = SHOW(columns);

static int material_list(struct cli *cli, struct given *given)
{
    Mingce__V1__MaterialListRequest request = MINGCE__V1__MATERIAL_LIST_REQUEST__INIT;
    const struct pages pages = {.method = "material.list", .show = &list, .request = &request.base};
    request.project_id = given_id(given, "PROJECT");
    return pages_print(cli, &pages, pages_limit(cli, given));
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "material",
     .verb = "add",
     .run = material_add,
     .method = "material.add",
     .zh = "登记一项结算材料的SHA-256",
     .en = "records a file of a project's settlement by its SHA-256",
     ARGUMENTS(ARGUMENT_PROJECT,
               {"FILE", VALUE_FILE, NEEDED, .zh = "材料的文件，不上传", .en = "the file, which is not sent"}),
     OPTIONS({"kind", VALUE_WORD, NEEDED, .table = WORD_MATERIAL, .list = "materials", .zh = "材料种类",
              .en = "what it is"},
             {"title", VALUE_TEXT, NEEDED, .zh = "名称，1至60个字符，不写证件号码",
              .en = "what it is called: 1 to 60 characters, no numbers of persons"}),
     .notes_zh = "文件由登记单位自行保存至所示日期；同一文件再次登记不作更改",
     .notes_en = "who records a file keeps it until the day that is shown; the same again changes nothing",
     .example_zh =
         "material add 0123456789abcdef0123456789abcdef 签到表.pdf --kind sign-sheet --title 2026年3月签到表",
     .example_en = "material add 0123456789abcdef0123456789abcdef signed.pdf --kind sign-sheet --title "
                   "\"Sign sheet of 2026-03\""},
    {.noun = "material",
     .verb = "withdraw",
     .run = material_withdraw,
     .method = "material.withdraw",
     .zh = "撤回误登的结算材料",
     .en = "withdraws a file that was recorded by mistake",
     ARGUMENTS({"MATERIAL", VALUE_ID, NEEDED, .zh = "材料编号，见 material list",
                .en = "its id, as material list has it"}),
     OPTIONS(OPTION_REASON(NEEDED)),
     .notes_zh = "撤回的仍列出，并写明理由",
     .notes_en = "it stays listed, with the reason"},
    {.noun = "material",
     .verb = "list",
     .run = material_list,
     .method = "material.list",
     .zh = "项目的结算材料",
     .en = "the files of a project's settlement",
     ARGUMENTS(ARGUMENT_PROJECT),
     OPTIONS(OPTIONS_LIST)},
};
const struct commands material_commands = {commands, sizeof(commands) / sizeof(*commands)};
