/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the words that files and options may use, without a server. */
#include <stdio.h>
#include <string.h>

#include "client/cli/command/given.h"
#include "client/cli/command/shared.h"
#include "client/cli/command/words.h"
#include "proto/rules/codes.h"
#include "proto/rules/division.h"
#include "proto/rules/document.h"
#include "proto/rules/occupation.h"

static const struct table_column columns[] = {
    {"code", "代码", "code", false}, {"name", "名称", "name", false}, {"also", "又称", "also", false}};

/* Whether a row is to be listed: every row, or those with the word that was given. */
static bool asked(const char *word, const char *code, const char *name, const char *also)
{
    return word == NULL || strstr(code, word) != NULL || strstr(name, word) != NULL ||
           (also != NULL && strstr(also, word) != NULL);
}

static size_t put(struct table *table, const char *word, const char *code, const char *name, const char *also)
{
    if (!asked(word, code, name, also))
        return 0;
    table_text(table, code);
    table_text(table, name);
    table_text(table, also);
    table_row(table);
    return 1;
}

static size_t put_codes(struct table *table, const char *word, enum code_table codes)
{
    size_t n = 0;
    char code[8];
    for (unsigned i = 1; i <= UINT8_MAX; i++) {
        const char *name = code_name(codes, (uint8_t) i);
        snprintf(code, sizeof(code), "%u", i);
        n += name == NULL ? 0 : put(table, word, code, name, NULL);
    }
    return n;
}

static size_t put_words(struct table *table, const char *word, enum word_kind kind)
{
    size_t n = 0;
    const char *zh;
    for (int i = 1; (zh = word_zh(kind, i)) != NULL; i++)
        n += put(table, word, word_stable(kind, i), zh, word_also(kind, i));
    return n;
}

static size_t put_documents(struct table *table, const char *word)
{
    size_t n = 0;
    char code[8];
    for (enum document_type type = DOCUMENT_RESIDENT_ID; *document_type_zh(type) != '\0'; type++) {
        snprintf(code, sizeof(code), "%d", (int) type);
        n += put(table, word, code, document_type_zh(type), document_type_en(type));
    }
    return n;
}

static size_t put_occupations(struct table *table, const char *word)
{
    size_t n = 0;
    const struct occupation *each;
    for (size_t i = 0; (each = occupation_at(i)) != NULL; i++)
        n += put(table, word, each->code, each->name, each->former);
    return n;
}

static size_t put_divisions(struct table *table, const char *word)
{
    size_t n = 0;
    struct division each;
    for (size_t i = 0; division_at_place(i, &each); i++)
        n += put(table, word, each.code, each.name, each.current ? NULL : "-");
    return n;
}

/* The only table of what can be listed. */
static const struct listed {
    const char *name, *zh;
    enum { OF_CODES, OF_WORDS, OF_DOCUMENTS, OF_OCCUPATIONS, OF_DIVISIONS } of;
    int table; /* of the first two */
} lists[] = {
    {"groups", "人员类别", OF_CODES, CODES_TRAINEE_GROUP},
    {"kinds", "培训类型", OF_CODES, CODES_TRAINING_KIND},
    {"levels", "技能等级", OF_WORDS, WORD_LEVEL},
    {"occupations", "职业", OF_OCCUPATIONS, 0},
    {"divisions", "行政区划", OF_DIVISIONS, 0},
    {"documents", "证件类型", OF_DOCUMENTS, 0},
    {"ethnicities", "民族", OF_CODES, CODES_ETHNICITY},
    {"educations", "文化程度", OF_CODES, CODES_EDUCATION},
    {"certificates", "证书类别", OF_WORDS, WORD_CERTIFICATE_KIND},
    {"lines", "补贴项目", OF_WORDS, WORD_SUBSIDY_LINE},
    {"attendance", "考勤状态", OF_WORDS, WORD_ATTENDANCE},
    {"working", "上班或休息", OF_WORDS, WORD_WORKING},
    {"routes", "申领途径", OF_WORDS, WORD_ROUTE},
    {"purposes", "查看用途", OF_WORDS, WORD_PURPOSE},
    {"organisations", "机构类别", OF_WORDS, WORD_KIND},
    {"roles", "角色", OF_WORDS, WORD_ROLE},
    {"steps", "申领环节", OF_WORDS, WORD_CLAIM_ACTION},
    {"states", "申领状态", OF_WORDS, WORD_CLAIM_STATE},
    {"facts", "核验事项", OF_WORDS, WORD_FACT},
    {"answers", "核验结果", OF_WORDS, WORD_ANSWER},
    {"policies", "政策参数", OF_WORDS, WORD_POLICY},
    {"tenures", "场地性质", OF_WORDS, WORD_TENURE},
    {"lessons", "课程类型", OF_WORDS, WORD_LESSON_KIND},
    {"catalogues", "目录类别", OF_CODES, CODES_CATALOGUE_KIND},
    {"modes", "培训方式", OF_WORDS, WORD_MODE},
    {"grades", "需求程度", OF_WORDS, WORD_DEMAND_GRADE},
    {"bases", "计发单位", OF_WORDS, WORD_BASIS},
    {"renewals", "首次或复审", OF_WORDS, WORD_RENEWAL},
    {"sources", "需求来源", OF_WORDS, WORD_DEMAND_SOURCE},
    {"registers", "核验数据来源", OF_WORDS, WORD_SOURCE},
    {"materials", "结算材料", OF_WORDS, WORD_MATERIAL},
    {"funds", "资金来源", OF_WORDS, WORD_FUND_SOURCE},
    {"spendings", "支出类别", OF_WORDS, WORD_SPENDING},
    {"receipts", "收款登记事项", OF_WORDS, WORD_RECEIPT},
};

static size_t put_list(struct table *table, const struct listed *list, const char *word)
{
    switch (list->of) {
    case OF_CODES:
        return put_codes(table, word, (enum code_table) list->table);
    case OF_WORDS:
        return put_words(table, word, (enum word_kind) list->table);
    case OF_DOCUMENTS:
        return put_documents(table, word);
    case OF_OCCUPATIONS:
        return put_occupations(table, word);
    case OF_DIVISIONS:
        return put_divisions(table, word);
    }
    return 0;
}

static int code_list(struct cli *cli, struct given *given)
{
    const char *name = given_text(given, "TABLE"), *word = given_text(given, "WORD");
    const struct listed *list = lists;
    while (strcmp(list->name, name) != 0)
        list++;
    struct table *table = table_list(cli, columns, sizeof(columns) / sizeof(*columns));
    if (table == NULL)
        return CLI_FILE;
    size_t n = put_list(table, list, word);
    int status = table_list_end(table, n > 0 ? CLI_OK : CLI_ROWS_REFUSED, n);
    return n > 0 ? status
                 : cli_fail(cli, CLI_ROWS_REFUSED, "表中没有含此字样的行", "no row of the table has this",
                            word);
}

static bool list_choice(size_t i, struct choice *choice)
{
    if (i >= sizeof(lists) / sizeof(*lists))
        return false;
    *choice = (struct choice){lists[i].name, lists[i].zh};
    return true;
}

/* ---- commands ---- */

static const struct command commands[] = {
    {.noun = "code",
     .verb = "list",
     .run = code_list,
     .zh = "代码表：文件和选项中可用的词，不联网",
     .en = "the words that files and options may use, offline",
     ARGUMENTS({"TABLE", VALUE_CHOICE, NEEDED, .choice = list_choice},
               {"WORD", VALUE_TEXT, .zh = "只列含此字样的", .en = "only rows that have it"}),
     OPTIONS(OPTION_OUTPUT_LIST),
     .example_zh = "code list occupations 家政",
     .example_en = "code list occupations 4-10"},
};
const struct commands code_commands = {commands, sizeof(commands) / sizeof(*commands)};
