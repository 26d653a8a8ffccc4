/* SPDX-License-Identifier: Apache-2.0 */
/* The log and its witnesses: the commands and what their usages say. */
#include "client/cli/command.h"

static const struct command commands[] = {
    {"audit",
     "log",
     audit_log,
     "审计日志，新的在前",
     "the audit log, newest first",
     "audit log [--actor ID] [--organisation CODE] [--method NAME] [--subject ID] [--class NUMBER]\n"
     "                 [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--limit N]\n",
     "  --actor    操作员编号\n"
     "  --subject  学员、机构、操作员或变更的编号\n"
     "  --method   如 roster.import；rows 为各行的变更\n"
     "  --limit    默认50\n",
     "  --actor    the operator's id\n"
     "  --subject  id of a person, an organisation, an operator or a change\n"
     "  --method   as roster.import; rows: the changes of rows\n"
     "  --limit    default 50\n",
     {NULL}},
    {"audit",
     "show",
     audit_show,
     "一条审计记录",
     "one entry",
     "audit show N\n",
     "  N  日志位置，从0起，见 audit log\n",
     "  N  the place in the log, from 0, as audit log lists it\n",
     {NULL}},
    {"audit",
     "checkpoint",
     audit_checkpoint,
     "最新的签名检查点",
     "the last signed checkpoint",
     "audit checkpoint --key FILE [--witness FILE [--witnesses K]]\n",
     LOG_KEY_ZH,
     LOG_KEY_EN,
     {NULL}},
    {"audit",
     "verify",
     audit_verify,
     "核验整个日志",
     "verifies the whole log",
     "audit verify --key FILE [--witness FILE [--witnesses K]] [--since FILE] [--max-age SECONDS]\n",
     LOG_KEY_ZH
     "  --since      记住检查点的文件：只核验其后的记录，中断后可接着核验，成功后更新；不给出则核验全部\n"
     "  --max-age    最新的检查点超过这么多秒即为失败：日志没有被及时签名\n",
     LOG_KEY_EN "  --since      remembers the checkpoint: what came after it is verified, a run that was "
                "broken off goes on;\n"
                "               without it the whole log is verified\n"
                "  --max-age    fails if the newest checkpoint is older: the log is not being signed\n",
     {NULL}},
    {"audit",
     "prove",
     audit_prove,
     "一条记录在日志中的证明",
     "a proof that an entry is in the log",
     "audit prove N --output FILE.tlog-proof --key FILE [--witness FILE [--witnesses K]]\n",
     LOG_KEY_ZH "  N            日志位置，从0起，见 audit log\n",
     LOG_KEY_EN "  N            the place in the log, from 0, as audit log lists it\n",
     {NULL}},
    {"audit",
     "check",
     audit_check,
     "离线核验证明文件或卷宗",
     "checks a proof file or a dossier, offline",
     "audit check FILE.tlog-proof --key FILE [--witness FILE [--witnesses K]]\n",
     LOG_KEY_ZH "  退出码0：相符；1：已被改动；5：不是证明文件或卷宗\n",
     LOG_KEY_EN "  exit status 0: it holds; 1: it was altered; 5: no proof and no dossier\n",
     {NULL}},
    {"audit",
     "person",
     audit_person,
     "关于一人的全部：登记、谁查看过、审计记录",
     "all about a person: what is held, who looked, the entries",
     "audit person [--id ID | --type TYPE [--country CODE]] [--purpose PURPOSE --case REFERENCE]\n",
     "  证件号码从标准输入读入\n"
     "  --purpose, --case  给出则显示明文，并记入日志（mingce code list purposes）\n",
     "  the document number is read from standard input\n"
     "  --purpose, --case  given: in clear, on record (mingce code list purposes)\n",
     {NULL}},
    {"audit",
     "rows",
     audit_rows,
     "现有的每一行与日志比对",
     "compares every live row with the log",
     "audit rows --key FILE\n",
     "  --key  日志公钥的文件，由保管签名密钥者交付\n"
     "  退出码1：列出日志中没有的行、日志中有而已不在的行、与日志不同的行\n",
     "  --key  a file with the log's public key, brought along\n"
     "  exit status 1: rows without an entry, entries without a row, and rows that differ are listed\n",
     {NULL}},
    {"audit",
     "receipt",
     audit_receipt,
     "核验回执：签名，及所承诺的记录是否已入日志",
     "checks a receipt: its signature, and whether the log has what it promises",
     "audit receipt FILE.receipt --receipt-key FILE [--key FILE]\n",
     "  --receipt-key  回执公钥文件\n"
     "  --key          日志公钥文件；不给出则只离线核验签名\n",
     "  --receipt-key  file of the receipts' public key\n"
     "  --key          file of the log's public key; without it only the signature is checked, offline\n",
     {NULL}},
    {"audit",
     "export",
     audit_export,
     "导出日志的静态副本，任何网页服务器可用",
     "a static copy of the log, for any web server",
     "audit export DIR --key FILE [--witness FILE [--witnesses K]]\n",
     LOG_KEY_ZH "  写出 checkpoint, tile/…, tile/entries/…, log.vkey（C2SP tlog-tiles）\n",
     LOG_KEY_EN "  writes checkpoint, tile/..., tile/entries/..., log.vkey (C2SP tlog-tiles)\n",
     {NULL}},
    {"witness",
     "create-key",
     witness_create_key,
     "新建见证者的密钥，印出公钥",
     "makes a witness's key, prints the public one",
     "witness create-key NAME FILE\n",
     "\n"
     "  mingce witness create-key witness.example.cn/1 witness.key >witness.vkey\n",
     "\n"
     "  mingce witness create-key witness.example.cn/1 witness.key >witness.vkey\n",
     {NULL}},
    {"witness",
     "add-log",
     witness_add_log,
     "登记一个从未见证过的日志",
     "begins with a log that was never cosigned",
     "witness add-log FILE.vkey --state DIR\n",
     "  状态丢失后不得重新登记：须另建密钥\n",
     "  never to replace a state that was lost: make another key then\n",
     {NULL}},
    {"witness",
     NULL,
     witness_run,
     "见证日志：只对未被改写的日志联署",
     "cosigns logs whose history is not rewritten",
     "witness --listen ADDRESS:PORT --key FILE --log FILE --state DIR\n",
     "  --listen  端口0：自选，印出\n"
     "  --key     见证者的密钥\n"
     "  --log     所见证日志的公钥，每行一个\n"
     "  --state   记住已联署检查点的目录，不得丢失或恢复旧备份\n"
     "  响应 POST …/add-checkpoint（C2SP tlog-witness）\n",
     "  --listen  port 0: any, which is printed\n"
     "  --key     the witness's own key\n"
     "  --log     public keys of the logs, a line each\n"
     "  --state   the directory that remembers what was cosigned: not to be lost nor restored from a backup\n"
     "  answers POST .../add-checkpoint (C2SP tlog-witness)\n",
     {NULL}},
};
const struct commands commands_log = {commands, sizeof(commands) / sizeof(*commands)};
