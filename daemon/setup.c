/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/setup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/audit/log_key.h"
#include "daemon/base/clock.h"
#include "daemon/crypto/seal.h"
#include "daemon/setup_internal.h"
#include "daemon/store/reach.h"
#include "proto/tlog/sha256.h"

static const struct command {
    const char *name;
    int (*run)(const struct settings *, int argc, char **argv);
    const char *usage;
} commands[] = {
    {"keys", setup_keys,
     "keys create FILE | keys add FILE | keys use FILE\n"
     "  create  新建密钥文件；已有文件不会被覆盖 / makes a key ring; never overwrites one\n"
     "  add     轮换第一步：加入只能开启的新密钥；随后让所有 mingced 重新加载\n"
     "          rotation, first step: a new key that only opens; then reload every mingced\n"
     "  use     轮换第二步：改用新密钥封存；随后重新加载，并运行 reseal\n"
     "          rotation, second step: the new key seals; then reload again, and reseal\n"},
    {"log", setup_log,
     "log create-key NAME FILE | log begin KEY STATE | log adopt KEY STATE CHECKPOINT | log anchor\n"
     "  create-key\n"
     "  新建审计日志的签名密钥，输出其公钥；NAME 是日志的名称，如 mingce.example.cn/log\n"
     "  makes the audit log's signing key and prints its public key; NAME is the log's, as "
     "mingce.example.cn/log\n"
     "  begin       新日志从此开始：写下空树的检查点；每个日志只一次，已有文件不会被覆盖\n"
     "              a log begins: writes the checkpoint of the empty tree to the file that log_state names;\n"
     "              once for each log; never overwrites\n"
     "  adopt       新主机或丢失检查点的主机接续已有的日志：采用他处留存的最新检查点\n"
     "              a host that is new, or lost its file, takes the newest checkpoint that others have "
     "kept\n"
     "  anchor      数据库导出后载入另一集群：日志改按新集群的事务次序继续，尚未入册的记录排在最前\n"
     "              a dump was loaded into another cluster: the log goes on by that one's transactions, "
     "beginning\n"
     "              with the entries that it has not yet\n"},
    {"reseal", setup_reseal,
     "reseal\n"
     "  用当前密钥重新封存旧记录，可随时中断和重来，服务照常运行\n"
     "  seals old records with the present key; may be broken off and repeated, while mingced serves\n"},
    {"migrate", setup_migrate,
     "migrate [--accept]\n"
     "  建立或升级数据库结构；有对象被人改动时拒绝并指出 / creates or upgrades the schema; refuses, and "
     "names them, when\n"
     "  objects of it were changed by hand\n"
     "  --accept  按现状记入审计日志 / enters them in the log as they are\n"},
    {"organisation", setup_organisation,
     "organisation --code CODE --name NAME --kind KIND --division CODE [--override-reason TEXT]\n"
     "  登记机构 / registers an organisation; KIND: institution enterprise assessment-body city-bureau\n"
     "  county-bureau provincial-bureau department auditor verifying-agency\n"
     "  --override-reason  校验位不符的信用代码须注明登记理由 / why a code whose check character fails is "
     "registered\n"},
    {"scope", setup_scope,
     "scope --organisation CODE --occupation CODE --level LEVEL --from YYYY-MM-DD [--to YYYY-MM-DD]\n"
     "  登记培训范围 / what an institution may teach; LEVEL: apprentice junior intermediate senior "
     "technician\n"
     "  senior-technician distinguished-technician chief-technician none\n"},
    {"operator", setup_operator,
     "operator --organisation CODE --name NAME --role ROLE[,ROLE...] --certificate FILE.pem [--type TYPE]\n"
     "  登记操作员并输出其编号；证件号码从标准输入读取 / registers a person who logs in with this "
     "certificate's key;\n"
     "  prints the id; asks for the document number, which is no argument\n"
     "  ROLE: clerk reviewer approver payer auditor sysadmin secadmin auditadmin, of those that the kind of "
     "organisation has\n"
     "  --type  证件类型，默认居民身份证 / type of the document, if it is not a resident ID\n"
     "  原来未录证件的操作员用同一证书再登记一次即可补录 / the same again states the document of an operator "
     "who has none yet\n"},
    {"occupations", setup_occupations,
     "occupations FILE.csv\n"
     "  从文件增补职业（编码,名称）/ adds or renames occupations: UTF-8 lines of code,name\n"},
};

int setup_fail(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    fputs("mingced: ", stderr);
    vfprintf(stderr, fmt, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return SETUP_FAILED;
}

/* What refused, by the name of the constraint or as our own functions say it: in both languages, and which option it is about. What
 * the database says of itself names tables. */
static const struct rule {
    const char *constraint, *message; /* one of them */
    const char *zh, *en;              /* en NULL: the message */
} rules[] = {
    {"organisation_scope_occupation_code_fkey", NULL,
     "--occupation：职业目录中没有此编码，可用 mingce code list occupations 查找",
     "there is no occupation of this code: `mingce code list occupations` finds it, `mingced occupations` "
     "adds what is new"},
    {"organisation_code_check", NULL, "--code：统一社会信用代码应为18位（A5）",
     "a unified social credit code has 18 characters (A5)"},
    {"organisation_name_check", NULL, "--name：名称不能为空", "the name is empty"},
    {"organisation_division_check", NULL, "--division：行政区划代码应为6位数字",
     "a division is a code of six digits"},
    {"organisation_code_override_check", NULL, "--override-reason：理由不能为空", "the reason is empty"},
    {"operator_roles_known", NULL, "--role：没有此角色，见 mingced operator --help",
     "there is no such role: see mingced operator --help"},
    {"operator_administrator_exclusive", NULL, "--role：管理员、审计员角色须单独授予",
     "an administrator's and an auditor's role stands alone"},
    {"operator_roles_of_kind", NULL, "--role：此类机构没有该角色", NULL},
    {"occupation_code_check", NULL, "职业编码应写成 4-10-01-06",
     "an occupation's code is written 4-10-01-06"},
    {NULL, "no such organisation", "--organisation：没有此代码的机构，请先登记", NULL},
    {NULL, "a period of this occupation and level holds then already",
     "--from、--to：该职业和等级已有重叠的期间", NULL},
    {NULL, "this certificate is another human being's", "--certificate：此证书属于另一人", NULL},
};

/* NULL: no rule of ours. */
static const struct rule *rule_of(const char *constraint, const char *message)
{
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        const struct rule *rule = &rules[i];
        if (rule->constraint != NULL ? constraint != NULL && strcmp(rule->constraint, constraint) == 0
                                     : strncmp(rule->message, message, strlen(rule->message)) == 0)
            return rule;
    }
    return NULL;
}

/* What an SQLSTATE, or its class, means to the person who installs. The database's own sentences name tables and values. */
static const struct meaning {
    const char *state, *zh, *en;
} meanings[] = {
    {"08", "与数据库的连接已断开，请重试", "the connection to the database was lost: try again"},
    {"22", "有一项的值数据库不能接受，请核对", "a value is not one that the database takes: check it"},
    {"23505", "已有同样的记录，未作改动", "there is such a record already: nothing was changed"},
    {"23", "与数据库中已有的记录或规则不符，未作改动",
     "it does not agree with the records or rules of the database: nothing was changed"},
    {"25006", "数据库只读：请连接主库", "the database is read-only: connect to the primary"},
    {"3F", "数据库的结构尚未建立：请先运行 mingced migrate",
     "the database has no schema yet: run mingced migrate first"},
    {"40", "数据库正忙，操作已撤回，请重试", "the database was busy and took it back: try again"},
    {"42501", "owner_database 的角色没有所需的权限：它须是数据库的所有者",
     "the role of owner_database lacks the right: it must own the database"},
    {"42P06", "数据库中已有同名的模式：请用空的数据库",
     "the database has a schema of this name already: use an empty one"},
    {"42P07", "数据库中已有同名的表：请用空的数据库",
     "the database has a table of this name already: use an empty one"},
    {"42", "数据库的结构与本程序不符：请先运行 mingced migrate",
     "the schema is not what this program expects: run mingced migrate first"},
    {"53100", "数据库的磁盘已满", "the database's disk is full"},
    {"53", "数据库的资源不足，请稍后重试", "the database is short of resources: try again later"},
    {"55P03", "所需的表正被占用，请稍后重试", "what is needed is locked: try again later"},
    {"57014", "数据库中止了此操作：超过时限", "the database ended it: it took too long"},
    {"57", "数据库正在停止或启动，请稍后重试", "the database is stopping or starting: try again later"},
    {"58", "数据库无法读写它的文件", "the database cannot read or write its files"},
    {"", "数据库拒绝了此操作，详见数据库的日志", "the database refused it: its log says more"},
};

static const struct meaning *meaning_of(const char *state)
{
    const struct meaning *meaning = meanings;
    while (strncmp(meaning->state, state, strlen(meaning->state)) != 0)
        meaning++; /* the last is of any */
    return meaning;
}

int setup_fail_sql(const char *doing, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *sentence = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *source = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    const struct rule *rule = sentence == NULL ? NULL : rule_of(constraint, sentence);
    if (rule != NULL)
        return setup_fail("%s / %s (%s%sSQLSTATE %s)", rule->zh, rule->en != NULL ? rule->en : sentence,
                          constraint != NULL ? constraint : "", constraint != NULL ? ", " : "", state);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    if (source != NULL &&
        strcmp(source, "exec_stmt_raise") == 0) /* our own functions and migrations said it */
        return setup_fail("%s: %s (SQLSTATE %s)%s%s", doing, sentence != NULL ? sentence : "",
                          state != NULL ? state : "none", hint != NULL ? "\n  " : "",
                          hint != NULL ? hint : "");
    const struct meaning *meaning = meaning_of(state != NULL ? state : "08");
    return setup_fail("%s: %s / %s (%s%sSQLSTATE %s)", doing, meaning->zh, meaning->en,
                      constraint != NULL ? constraint : "", constraint != NULL ? ", " : "",
                      state != NULL ? state : "none");
}

static void quiet(void *context, const PGresult *notice)
{
    (void) context;
    (void) notice;
}

PGconn *setup_connect(const struct settings *settings)
{
    if (settings->owner_database[0] == '\0') {
        setup_fail("the setting owner_database is empty: name the schema's owner in the settings file "
                   "or in MINGCED_OWNER_DATABASE");
        return NULL;
    }
    struct host last = {.name = ""};
    struct reach_failure failure;
    const struct reach_plan plan = {
        .conninfo = settings->owner_database, .options = "", .last = &last, .level = LOG_LEVEL_DEBUG};
    PGconn *pg = reach_now(&plan, &failure);
    if (pg == NULL) {
        const struct terms_broken *broken = &failure.broken;
        setup_fail("owner_database: %s (%s)%s%s%s%s%s%s", cause_sentence(failure.cause),
                   cause_word(failure.cause), *broken->setting == '\0' ? "" : ": ", broken->setting,
                   *broken->setting == '\0' ? "" : " is ", broken->is,
                   *broken->setting == '\0' ? "" : " and must be ", broken->must_be);
        return NULL;
    }
    PQsetNoticeReceiver(pg, quiet, NULL);
    return pg;
}

bool setup_query(PGconn *pg, const char *doing, const char *sql, const struct setup_value *values, int n,
                 struct setup_answer *answer)
{
    enum { VALUES = 10 };
    const char *texts[VALUES];
    int lengths[VALUES], formats[VALUES];
    for (int i = 0; i < n; i++) {
        texts[i] = values[i].value;
        lengths[i] = values[i].length;
        formats[i] = values[i].length > 0;
    }
    PGresult *result = PQexecParams(pg, sql, n, NULL, texts, lengths, formats, 0);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!good)
        setup_fail_sql(doing, result);
    if (good && answer != NULL)
        snprintf(answer->text, sizeof(answer->text), "%s",
                 status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return good;
}

void setup_head(struct setup_head *head, const char *method, const char *said)
{
    static const uint8_t nobody[16];
    uint8_t request_id[16], digest[SHA256_BYTES];
    SHA256_CTX context;
    crypto_uuid(request_id);
    sha256_begin(&context);
    sha256_add(&context, method, strlen(method) + 1);
    sha256_add(&context, said, strlen(said));
    sha256_end(&context, digest);
    head->n = entry_head(head->bytes, &(struct entry_head){.at_ms = clock_wall_ms(),
                                                           .operator_id = nobody,
                                                           .organisation_id = nobody,
                                                           .method = method,
                                                           .request_id = request_id,
                                                           .digest = digest});
}

int setup_keys(const struct settings *settings, int argc, char **argv)
{
    (void) settings;
    const char *why = NULL;
    if (argc != 3)
        return SETUP_USAGE;
    if (strcmp(argv[1], "create") == 0)
        why = keyring_create(argv[2]) ? NULL : strerror(errno);
    else if (strcmp(argv[1], "add") == 0)
        why = keyring_add(argv[2]);
    else if (strcmp(argv[1], "use") == 0)
        why = keyring_use(argv[2]);
    else
        return SETUP_USAGE;
    return why == NULL ? SETUP_DONE : setup_fail("%s: %s", argv[2], why);
}

int setup_command(const struct settings *settings, int argc, char **argv)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strcmp(commands[i].name, argv[0]) != 0)
            continue;
        if (argc > 1 && strcmp(argv[1], "--help") == 0) {
            printf("用法 / usage: mingced [-c FILE] %s", commands[i].usage);
            return SETUP_DONE;
        }
        int status = commands[i].run(settings, argc, argv);
        if (status == SETUP_USAGE)
            fprintf(stderr, "用法 / usage: mingced [-c FILE] %s", commands[i].usage);
        return status;
    }
    setup_fail("there is no command of this name; see mingced --help");
    return SETUP_USAGE;
}
