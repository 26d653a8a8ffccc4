/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments, options and notes that several commands have. */
#ifndef MINGCE_CLI_SHARED_H
#define MINGCE_CLI_SHARED_H

#include "client/cli/command/command.h"

/* ---- lists and files ---- */

#define OPTION_OUTPUT_LIST                                                                                   \
    {                                                                                                        \
        "output", VALUE_LIST_FILE,                                                                           \
            .zh = "把列表整份写入此文件，供下一步命令读取；.xlsx 为电子表格，其余为 CSV",                    \
            .en = "a file for the whole list, which the next command reads: a spreadsheet if its name ends " \
                  "in .xlsx, else CSV"                                                                       \
    }
#define OPTIONS_LIST_BUT(usually)                                                                            \
    {"limit",                                                                                                \
     VALUE_NUMBER,                                                                                           \
     .most = UINT32_MAX,                                                                                     \
     .otherwise = (usually),                                                                                 \
     .zh = "至多列出多少条，0为全部",                                                                        \
     .en = "at most so many rows, 0 is all"},                                                                \
        OPTION_OUTPUT_LIST
#define OPTIONS_LIST OPTIONS_LIST_BUT(NULL)
#define ARGUMENT_ROWS                                                                                        \
    {                                                                                                        \
        "FILE.csv", VALUE_FILE, NEEDED, .zh = "要读取的表格文件，.xlsx 或 CSV",                              \
                                        .en = "the file that is read, XLSX or CSV"                           \
    }
#define OPTION_REJECTS                                                                                       \
    {                                                                                                        \
        "rejects", VALUE_NEW_FILE, .zh = "把退回的行连同原因写入此文件，改好后可再次导入",                   \
                                   .en = "a file for the refused rows with their reasons, to be mended and " \
                                         "imported again"                                                    \
    }

/* ---- what is meant ---- */

#define CLASS_NUMBER .least = 1, .most = INT64_MAX, .zh = "开班编号", .en = "the class's number"
#define ARGUMENT_CLASS                                                                                       \
    {                                                                                                        \
        "NUMBER", VALUE_NUMBER, NEEDED, CLASS_NUMBER                                                         \
    }
#define OPTION_CLASS(need)                                                                                   \
    {                                                                                                        \
        "class", VALUE_NUMBER, need, "NUMBER", CLASS_NUMBER                                                  \
    }
#define OPTION_CAPACITY(need)                                                                                \
    {                                                                                                        \
        "capacity", VALUE_NUMBER, need, .least = 1, .most = 2000, .zh = "名额", .en = "how many may enrol"   \
    }
#define ARGUMENT_CLAIM                                                                                       \
    {                                                                                                        \
        "CLAIM", VALUE_ID, NEEDED, .zh = "申领编号，见 claim queue 和 claim list",                           \
                                   .en = "the claim's id, as claim queue and claim list show it"             \
    }
#define ARGUMENT_PROJECT                                                                                     \
    {                                                                                                        \
        "PROJECT", VALUE_ID, NEEDED, .zh = "项目编号，见 project list",                                      \
                                     .en = "the project's id, as project list has it"                        \
    }
/* `shown` is the command that shows it. */
#define OPTION_VERSION(shown)                                                                                \
    {                                                                                                        \
        "version", VALUE_NUMBER, NEEDED, .least = 1, .most = UINT32_MAX, .zh = shown " 所显示的版本",        \
                                         .en = "the version, as " shown " has it"                            \
    }
#define OPTION_REASON(need)                                                                                  \
    {                                                                                                        \
        "reason", VALUE_TEXT, need, .zh = "理由", .en = "why"                                                \
    }
#define OPTION_OVERDUE                                                                                       \
    {                                                                                                        \
        "overdue", VALUE_FLAG, .zh = "只列超过办理期限的", .en = "only those that are overdue"               \
    }
#define OPTION_OCCUPATION                                                                                    \
    {                                                                                                        \
        "occupation", VALUE_OCCUPATION, NEEDED, .list = "occupations", .zh = "职业代码或名称",               \
                                                .en = "its code or name"                                     \
    }
#define OPTION_LEVEL                                                                                         \
    {                                                                                                        \
        "level", VALUE_WORD, NEEDED, "LEVEL", .table = WORD_LEVEL, .list = "levels", .zh = "技能等级",       \
                                              .en = "the skill level"                                        \
    }
#define OPTION_DIVISION(need, what_zh, what_en)                                                              \
    {                                                                                                        \
        "division", VALUE_TEXT, need, "CODE", .list = "divisions", .zh = what_zh, .en = what_en              \
    }
#define ARGUMENT_ORGANISATION                                                                                \
    {                                                                                                        \
        "CODE", VALUE_TEXT, NEEDED, .zh = "机构的统一社会信用代码",                                          \
                                    .en = "the organisation's unified social credit code"                    \
    }
#define OPTION_ORGANISATION                                                                                  \
    {                                                                                                        \
        "organisation", VALUE_TEXT, .value = "CODE", .zh = "机构的统一社会信用代码",                         \
                                    .en = "the organisation's unified social credit code"                    \
    }

/* ---- persons ---- */

#define OPTIONS_DOCUMENT                                                                                     \
    {"type",                                                                                                 \
     VALUE_TEXT,                                                                                             \
     .value = "WORDS",                                                                                       \
     .list = "documents",                                                                                    \
     .zh = "证件类型，默认居民身份证",                                                                       \
     .en = "the kind of document, by default a resident ID"},                                                \
    {                                                                                                        \
        "country", VALUE_TEXT, .value = "CODE", .zh = "签发国家，护照须写，三位字母代码",                    \
                               .en = "the issuing country of a passport, three letters"                      \
    }
#define OPTIONS_PERSON                                                                                       \
    {"id", VALUE_ID, .zh = "人员编号，写明则不再读取证件号码",                                               \
     .en = "the person's id; no document number is read then"},                                              \
        OPTIONS_DOCUMENT
#define NOTES_DOCUMENT_ZH "从标准输入读取一行：证件号码"
#define NOTES_DOCUMENT_EN "a line on standard input: the document number"

#define OPTION_CASE(need, beside)                                                                            \
    {                                                                                                        \
        "case", VALUE_TEXT, need, "REFERENCE", .with = (beside), .zh = "案卷编号：字母、数字、“-”",          \
                                               .en = "the file's reference: letters, digits, '-'"            \
    }
#define OPTIONS_PURPOSE(need, beside_purpose, beside_case)                                                   \
    {"purpose",                                                                                              \
     VALUE_WORD,                                                                                             \
     need,                                                                                                   \
     "PURPOSE",                                                                                              \
     .table = WORD_PURPOSE,                                                                                  \
     .list = "purposes",                                                                                     \
     .with = (beside_purpose),                                                                               \
     .zh = "查看用途",                                                                                       \
     .en = "why one looks"},                                                                                 \
        OPTION_CASE(need, beside_case)

/* ---- the log ---- */

#define OPTIONS_LOG_KEYS                                                                                     \
    {"key", VALUE_FILE, NEEDED, .zh = "日志公钥的文件，由保管签名密钥者交付",                                \
     .en = "a file with the log's public key, brought along"},                                               \
        {"witness", VALUE_FILE, .zh = "见证者公钥的文件，每行一个",                                          \
         .en = "a file with witnesses' public keys, a line each"},                                           \
    {                                                                                                        \
        "witnesses", VALUE_NUMBER, .value = "K", .least = 1, .most = 64, .with = "witness",                  \
                                   .zh = "其中至少几个须已联署，默认全部",                                   \
                                   .en = "how many of them must have cosigned, by default all"               \
    }
#define ARGUMENT_PLACE                                                                                       \
    {                                                                                                        \
        "N", VALUE_NUMBER, NEEDED, .most = INT64_MAX / 2, .zh = "日志位置，从0起，见 audit log",             \
                                   .en = "the place in the log, from 0, as audit log lists it"               \
    }

#endif
