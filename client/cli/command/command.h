/* SPDX-License-Identifier: Apache-2.0 */
/* A command of `mingce`: its name, what runs it, and what its usage says, in each language by itself. */
#ifndef MINGCE_CLI_COMMAND_H
#define MINGCE_CLI_COMMAND_H

#include <stdio.h>

#include "client/cli/sheet/form.h"

enum { COMMAND_FORMS = 2 };

struct command {
    const char *noun, *verb; /* verb NULL: the noun alone */
    int (*run)(struct cli *, int argc, char **argv);
    const char *zh, *en;                     /* what it does */
    const char *synopsis;                    /* of either language */
    const char *notes_zh, *notes_en;         /* below it; NULL: nothing to say */
    const struct form *reads[COMMAND_FORMS]; /* the file that it reads: one of these; NULL: none */
};

struct commands {
    const struct command *rows;
    size_t n;
};
/* Each file of commands has a table of its own, `FILE_commands`, at its end; the build finds them. */

/* How it is called, the columns of the file that it reads, what else there is to know. */
void command_usage(const struct cli *, const struct command *, FILE *out);

/* The command's usage on stderr. Returns CLI_USAGE. */
int cli_usage(const struct cli *);

/* An option of a command: `--name VALUE` into `*value`, or `--name` into `*flag`. */
struct cli_option {
    const char *name;
    const char **value;
    bool *flag;
};
/* Reads the options, anywhere among the words, `--profile` and `--json` too, of a list (which has `--limit`) `--output`, too, and `-o`
 * for that; argv[0] is skipped. Exactly `words_n` other words are expected. False: the usage has been printed. */
bool cli_options(struct cli *, int argc, char **argv, const struct cli_option *, size_t n, const char **words,
                 size_t words_n);
/* The first `n` options have their values. False: it has been said which one is missing. */
bool cli_required(const struct cli *, const struct cli_option *, size_t n);

/* What several usages say. */
#define LOG_KEY_ZH                                                                                           \
    "  --key        日志公钥的文件，由保管签名密钥者交付\n"                                \
    "  --witness    见证者公钥的文件，每行一个\n"                                               \
    "  --witnesses  其中至少几个须已联署，默认全部\n"
#define LOG_KEY_EN                                                                                           \
    "  --key        a file with the log's public key, brought along\n"                                       \
    "  --witness    a file with witnesses' public keys, a line each\n"                                       \
    "  --witnesses  how many of them must have cosigned, by default all\n"
#define DOCUMENT_ZH                                                                                          \
    "  证件号码从标准输入读取一行\n"                                                            \
    "  --type     证件类型，默认居民身份证（mingce code list documents）\n"                    \
    "  --country  签发国家，护照须写，三位字母代码\n"
#define DOCUMENT_EN                                                                                          \
    "  the document number is a line on standard input\n"                                                    \
    "  --type     the kind of document, by default a resident ID (mingce code list documents)\n"             \
    "  --country  the issuing country of a passport, three letters\n"
#define PURPOSES_ZH                                                                                                           \
    "  --purpose  用途：报名登记 核验审核 信息更正 资金拨付 监督检查 本人申请（mingce code list " \
    "purposes）\n"                                                                                                           \
    "  --case     案卷编号：字母、数字、“-”\n"
#define PURPOSES_EN                                                                                          \
    "  --purpose  enrolment verification correction payment supervision own-request\n"                       \
    "  --case     the file's reference: letters, digits, '-'\n"
#define CONFIRM_ZH                                                                                           \
    "  --seat     班内序号，见 roster list\n"                                                          \
    "  --confirm  从标准输入读取学员姓名，须与该座号相符\n"
#define CONFIRM_EN                                                                                           \
    "  --seat     as roster list has it\n"                                                                   \
    "  --confirm  the trainee's name is read from standard input and must be the seat's\n"
#define FILTER_ZH                                                                                            \
    "  --day      某日有效的\n"                                                                         \
    "  --pending  已提出、待批准的\n"
#define FILTER_EN                                                                                            \
    "  --day      those in force on a day\n"                                                                 \
    "  --pending  those proposed and not decided\n"
#define REJECTS_ZH "  --rejects  把退回的行连同原因写入此文件，改好后可再次导入\n"
#define REJECTS_EN                                                                                           \
    "  --rejects  writes the refused rows with their reasons, to be mended and imported again\n"

#endif
