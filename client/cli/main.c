/* SPDX-License-Identifier: Apache-2.0 */
/* mingce: the command line. A command is a row of the table. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "client/cli/cli.h"

/* What several usages say. */
#define LOG_KEY                                                                                                          \
    "  --key        日志公钥的文件，由保管签名密钥者交付 / a file with the log's public key, brought " \
    "along\n"                                                                                                            \
    "  --witness    见证者公钥的文件，每行一个 / a file with witnesses' public keys, a line each\n"         \
    "  --witnesses  其中至少几个须已联署，默认全部 / how many of them must have cosigned, by default all\n"
#define DOCUMENT                                                                                             \
    " [--type WORDS] [--country CODE]\n"                                                                     \
    "  证件号码从标准输入读取一行 / the document number is a line on standard input\n"          \
    "  --type  证件类型，默认居民身份证 / the kind of document, by default a resident ID\n"
#define PURPOSES                                                                                             \
    "  PURPOSE    enrolment verification correction payment supervision own-request，或中文 / or the "   \
    "Chinese word\n"                                                                                         \
    "  REFERENCE  案卷编号：字母、数字、“-” / the file's reference: letters, digits, '-'\n"
#define CONFIRM                                                                                              \
    "  --seat     班内序号 / as the list of trainees has it\n"                                           \
    "  --confirm  从标准输入读取学员姓名，须与该座号相符\n"                               \
    "             the trainee's name is read from standard input and must be the seat's\n"
#define LIST_FILTER                                                                                          \
    "  --day      某日有效的 / those in force on a day\n"                                               \
    "  --pending  已提出、待批准的 / those proposed and not decided\n"

static const struct command {
    const char *noun, *verb; /* verb NULL: the noun alone */
    int (*run)(struct cli *, int argc, char **argv);
    const char *zh, *en;
    const char *usage;
} commands[] = {
    {"whoami", NULL, whoami, "我是谁、可以做什么", "who the server takes me for, and what I may do",
     "whoami\n"},
    {"organisation", "list", organisation_list, "机构一览", "organisations",
     "organisation list [--limit N]\n"},
    {"organisation", "show", organisation_show, "一个机构及其培训范围", "one organisation and its scope",
     "organisation show CODE\n\n  mingce organisation show 52370100300000010X\n"},
    {"organisation", "register", organisation_register, "登记机构", "registers an organisation",
     "organisation register --code CODE --name NAME --kind KIND --division CODE [--override-reason TEXT]\n"
     "  KIND  institution enterprise assessment-body city-bureau county-bureau provincial-bureau department\n"
     "        auditor verifying-agency，或中文 / or the Chinese word\n"
     "  --override-reason  校验位不符的信用代码须注明理由（系统管理员）\n"
     "                     why a code whose check character fails is registered (system administrators)\n\n"
     "  mingce organisation register --code 52370100300000010X --name 济南示例职业培训学校 \\\n"
     "      --kind institution --division 370100\n"},
    {"organisation", "amend", organisation_amend, "变更机构名称、区划",
     "amends an organisation's name or division",
     "organisation amend CODE --version N [--name NAME] [--division CODE]\n"
     "  --version  organisation show 所显示的版本 / as organisation show says\n"},
    {"organisation", "suspend", organisation_suspend, "暂停机构", "suspends an organisation",
     "organisation suspend CODE --version N --reason TEXT\n"},
    {"organisation", "reactivate", organisation_reactivate, "恢复机构",
     "takes a suspended organisation up again", "organisation reactivate CODE --version N --reason TEXT\n"},
    {"organisation", "close", organisation_close, "注销机构", "closes an organisation for good",
     "organisation close CODE --version N --reason TEXT\n"},
    {"scope", "add", scope_add, "登记培训范围", "registers what an institution may teach",
     "scope add CODE --occupation CODE --level LEVEL --from YYYY-MM-DD [--to YYYY-MM-DD]\n\n"
     "  mingce scope add 52370100300000010X --occupation 4-10-01-06 --level junior --from 2026-01-01\n"},
    {"scope", "end", scope_end, "终止培训范围", "ends a period of it",
     "scope end CODE --occupation CODE --level LEVEL --to YYYY-MM-DD\n"},
    {"operator", "list", operator_list, "操作员一览（脱敏）", "operators, masked",
     "operator list [--organisation CODE] [--limit N]\n"},
    {"operator", "show", operator_show, "一个操作员及其证书", "one operator and the certificates",
     "operator show ID\n"},
    {"operator", "add", operator_add, "提出新增操作员", "proposes a new operator",
     "operator add --organisation CODE --name NAME --role ROLE[,ROLE...] --certificate FILE.pem [--type "
     "TYPE]\n"
     "  证件号码从标准输入读取 / asks for the document number, which is no argument\n"
     "  ROLE  clerk reviewer approver payer auditor sysadmin secadmin auditadmin，或中文 / or the Chinese "
     "word\n"
     "  由另一名安全管理员确认后生效 / takes effect when another security administrator confirms\n"},
    {"operator", "bind", operator_bind, "提出绑定证书", "proposes one more certificate",
     "operator bind ID --certificate FILE.pem [--type TYPE]\n"
     "  证件号码从标准输入读取，须为本人 / asks for the document number, of the same human being\n"},
    {"operator", "unbind", operator_unbind, "提出停用证书", "proposes one certificate less",
     "operator unbind ID --certificate FILE.pem | --key-hash HEX\n"},
    {"operator", "roles", operator_roles, "提出变更角色", "proposes other roles",
     "operator roles ID --role ROLE[,ROLE...]\n"},
    {"operator", "suspend", operator_suspend, "提出暂停操作员", "proposes to suspend an operator",
     "operator suspend ID --reason TEXT\n"},
    {"operator", "activate", operator_activate, "提出恢复操作员", "proposes to take an operator up again",
     "operator activate ID --reason TEXT\n"},
    {"operator", "revoke", operator_revoke, "提出撤销操作员", "proposes to revoke an operator for good",
     "operator revoke ID --reason TEXT\n"},
    {"change", "list", change_list, "待确认的变更", "changes that wait for a second administrator",
     "change list [--all] [--limit N]\n  --all  也列出已决定的 / those decided too\n"},
    {"change", "confirm", change_confirm, "确认他人提出的变更", "confirms somebody else's change",
     "change confirm CHANGE\n"},
    {"change", "reject", change_reject, "驳回变更", "rejects a change", "change reject CHANGE\n"},
    {"code", "list", code_list, "代码表：文件和选项中可用的词，不联网",
     "the words that files and options may use, offline",
     "code list TABLE [WORD]\n"
     "  TABLE  groups 人员类别，kinds 培训类型，levels 技能等级，occupations 职业，divisions "
     "行政区划，documents 证件类型，\n"
     "         ethnicities educations certificates lines attendance working routes purposes organisations "
     "roles steps "
     "states\n"
     "  WORD   只列含此字样的 / only rows that have it\n\n"
     "  mingce code list occupations 家政\n"},
    {"template", NULL, template_write, "空白文件：列名和一行示例，不联网",
     "an empty file: its columns and an example, offline",
     "template NOUN [--output FILE]\n"
     "  NOUN  roster lesson attendance marks certificate claim decision fact standard policy calendar\n\n"
     "  mingce template marks --output 成绩.csv\n"},
    {"class", "open", class_open, "开班", "opens a class",
     "class open --title TITLE --occupation CODE --level LEVEL --kind KIND\n"
     "                  --starts YYYY-MM-DD --ends YYYY-MM-DD --capacity N\n"
     "  LEVEL  apprentice junior intermediate senior technician senior-technician\n"
     "         distinguished-technician chief-technician，或中文 / or the Chinese name\n"
     "  KIND   培训类型的名称或代码 / the training kind's Chinese name or code\n\n"
     "  mingce class open --title 家政服务员第三期 --occupation 4-10-01-06 --level junior \\\n"
     "      --kind 就业技能培训 --starts 2026-03-01 --ends 2026-05-31 --capacity 50\n"},
    {"class", "list", class_list, "班级一览，新的在前", "classes, newest first", "class list [--limit N]\n"},
    {"class", "show", class_show, "一个班级", "one class", "class show NUMBER\n"},
    {"class", "amend", class_amend, "变更班级（开课前）", "amends a class before its start",
     "class amend NUMBER --version N [--title TITLE] [--starts DAY] [--ends DAY] [--capacity N]\n"
     "  --version  class show 所显示的版本 / as class show says\n"},
    {"class", "start", class_start, "开课", "starts a class", "class start NUMBER --version N\n"},
    {"class", "complete", class_complete, "结班，确定结业人员",
     "completes a class: who has completed is decided", "class complete NUMBER --version N\n"},
    {"class", "cancel", class_cancel, "取消班级", "cancels a class",
     "class cancel NUMBER --version N --reason TEXT\n"},
    {"lesson", "import", lesson_import, "导入教学计划", "imports the plan of a class",
     "lesson import FILE.csv --class NUMBER [--rejects FILE]\n"
     "  列 / columns: 上课日期 开始时间 结束时间 课时 上课地点 上课内容 教师姓名 教师证件号码\n"},
    {"lesson", "list", lesson_list, "教学计划", "the plan of a class",
     "lesson list --class NUMBER [--limit N]\n"},
    {"lesson", "remove", lesson_remove, "删除一次课", "takes a lesson out of the plan",
     "lesson remove --class NUMBER --lesson N\n"},
    {"attendance", "import", attendance_import, "导入考勤", "imports attendance",
     "attendance import FILE.csv --class NUMBER [--reason TEXT] [--rejects FILE]\n"
     "  列 / columns: 班内序号 或/or 证件号码，姓名（须与之相符 / must agree）；课次 或/or "
     "上课日期；状态（出勤 请假 迟到 早退 缺勤）\n"
     "  --reason  结班后由主管部门更正的理由 / why a bureau corrects a completed class\n"},
    {"marks", "import", marks_import, "导入成绩", "imports marks",
     "marks import FILE.csv --class NUMBER [--reason TEXT] [--rejects FILE]\n"
     "  列 / columns: 班内序号 或/or 证件号码，姓名（须与之相符 / must "
     "agree）；理论成绩；实操成绩（0–100）\n"},
    {"training", "list", training_list, "学员的课时、成绩、结果", "hours, marks and results of the trainees",
     "training list --class NUMBER [--limit N]\n"},
    {"roster", "check", roster_check_file, "离线检查花名册，不联网", "checks a roster, offline",
     "roster check FILE.csv [--starts YYYY-MM-DD] [--rejects FILE]\n"
     "  --starts   开班日期，用于核对年龄；默认今天 / the class's first day, for ages; default today\n"
     "  --rejects  把退回的行连同原因写入此文件，改好后可再次导入\n"
     "             writes the refused rows with their reasons, to be mended and imported again\n\n"
     "  mingce roster check 花名册.csv --rejects 退回.csv\n"},
    {"roster", "import", roster_import, "把花名册导入班级", "imports a roster into a class",
     "roster import FILE.csv --class NUMBER [--dry-run] [--rejects FILE] [--output FILE]\n"
     "  --dry-run  只检查，不登记 / every check, nothing written\n"
     "  --rejects  把退回的行连同原因写入此文件 / writes the refused rows with their reasons\n"
     "  --output   把已在班的行连同班内序号写入此文件 / writes the rows of the class's trainees with their "
     "seats\n"
     "  再次导入同一文件不会重复登记 / the same file again adds nothing\n\n"
     "  mingce roster import 花名册.csv --class 202600001 --rejects 退回.csv\n"},
    {"roster", "list", roster_list, "班级的学员（脱敏）", "the trainees of a class, masked",
     "roster list --class NUMBER [--limit N]\n"},
    {"roster", "remove", roster_remove, "移出学员", "removes a trainee from a class",
     "roster remove --class NUMBER --seat N --reason TEXT [--confirm]\n" CONFIRM},
    {"roster", "restore", roster_restore, "恢复学员", "takes a removed trainee back",
     "roster restore --class NUMBER --seat N [--confirm]\n" CONFIRM},
    {"roster", "export", roster_export, "导出班级学员（明文，留痕）",
     "exports a class's trainees in clear, on record",
     "roster export FILE.csv --class NUMBER --purpose PURPOSE --case REFERENCE\n" PURPOSES "\n"
     "  mingce roster export 名单.csv --class 202600001 --purpose payment --case JN-2026-17\n"},
    {"trainee", "find", person_find, "按证件号码查人（脱敏）", "finds a person by document number, masked",
     "trainee find" DOCUMENT "\n\n  mingce trainee find < 号码.txt\n"},
    {"trainee", "search", person_search, "按姓名和出生日期查人（留痕）",
     "finds persons by name and birth date, on record",
     "trainee search --purpose PURPOSE --case REFERENCE\n"
     "  姓名、出生日期各一行，从标准输入读取 / the name and the birth date, a line each on standard "
     "input\n" PURPOSES},
    {"trainee", "show", person_show, "一人的全部记录（脱敏）", "everything held about a person, masked",
     "trainee show [--id ID]" DOCUMENT},
    {"trainee", "reveal", person_reveal, "一人的全部记录（明文，留痕）", "the same in clear, on record",
     "trainee reveal --purpose PURPOSE --case REFERENCE [--id ID]" DOCUMENT PURPOSES "\n"
     "  mingce trainee reveal --purpose own-request --case JN-2026-17\n"},
    {"trainee", "amend", person_amend, "变更身份信息（主管部门）", "amends who a person is (bureaus)",
     "trainee amend --kind KIND --version N --case REFERENCE [--type WORDS] [--country CODE]\n"
     "                     [--new-type WORDS] [--new-country CODE] [--born YYYY-MM-DD]\n"
     "  KIND   name 更名，renewed 换发证件，added 新增证件，corrected 更正号码\n"
     "  --version  trainee show 所显示的版本 / as trainee show says\n"
     "  从标准输入读取，各一行：已登记的证件号码、现证件号码（更名时没有）、证件上的姓名\n"
     "  on standard input, a line each: the number as registered, the number now (not for name), the name\n"},
    {"trainee", "merge", person_merge, "合并同一人的两条记录（主管部门）",
     "joins two records of one person (bureaus)",
     "trainee merge --case REFERENCE [--type WORDS] [--country CODE] [--gone-type WORDS] [--gone-country "
     "CODE]\n"
     "  从标准输入读取两行：保留记录、并入记录的证件号码\n"
     "  two lines on standard input: the document number of the record that is kept, and of the other\n"},
    {"trainee", "erase", person_erase, "依法删除一人的资料，不可恢复（主管部门）",
     "erases what is held about a person, for good (bureaus)",
     "trainee erase --version N --case REFERENCE [--id ID]" DOCUMENT
     "  --version  trainee show 所显示的版本 / as trainee show says\n"},
    {"trainee", "access-log", person_access_log, "谁查看过此人", "who looked at a person",
     "trainee access-log [--id ID] [--limit N]" DOCUMENT},
    {"group", "add", group_add, "登记人员类别及其证明", "records a trainee group with its evidence",
     "group add --group WORDS --from YYYY-MM-DD [--to YYYY-MM-DD] [--id ID]" DOCUMENT
     "  最后一行为证明材料 / then a line with the evidence\n"},
    {"group", "end", group_end, "终止人员类别", "ends it", "group end FACT --to YYYY-MM-DD\n"},
    {"conflict", "list", conflict_list, "同号不同名，待处理的",
     "the same number with another name, to be resolved",
     "conflict list [--all] [--limit N]\n  --all  也列出已处理的 / those resolved too\n"},
    {"conflict", "resolve", conflict_resolve, "处理同号不同名", "resolves one",
     "conflict resolve CONFLICT --decision registered|stated --case REFERENCE\n"
     "  registered  登记姓名为准 / the registered name stands\n"
     "  stated      填报姓名为准，原名留存 / the stated name is right; the other is kept in the history\n"},
    {"standard", "load", standard_load, "提出补贴标准", "proposes subsidy standards",
     "standard load FILE.csv [--rejects FILE]\n"
     "  列 / columns: 补贴项目（职业培训补贴 职业技能鉴定补贴 "
     "生活费补贴）；补贴标准（元；生活费按出勤日）；起始日期；\n"
     "                截止日期；职业代码；技能等级；证书类别；人员类别（空白或“全部”：不限）；文件依据\n"
     "                line (training, assessment, living), amount (yuan; of living: for an attended day), "
     "from, to,\n"
     "                occupation, level, certificate, group (blank or \"all\": every one), citation\n"
     "  由另一名复核人批准后生效 / in force when another approver says so\n\n"
     "  mingce standard load 补贴标准.csv --rejects 退回.csv\n"},
    {"standard", "list", standard_list, "补贴标准，新的在前", "subsidy standards, newest first",
     "standard list [--day YYYY-MM-DD] [--division CODE] [--pending] [--limit N]\n" LIST_FILTER
     "\n  mingce standard list --day 2026-03-01 --division 370100\n"},
    {"standard", "decide", standard_decide, "批准或驳回所提标准", "decides proposed standards",
     "standard decide ID[,ID...] --decision in-force|rejected\n"
     "  提出人不能批准自己的提议 / who proposed does not put in force\n"},
    {"policy", "propose", policy_propose, "提出政策参数", "proposes a policy's value",
     "policy propose NAME --value N --from YYYY-MM-DD --citation TEXT [--to YYYY-MM-DD]\n"
     "  NAME  claim_months publicity_days review_days four_eyes living_days fact_pension fact_insured …，见 "
     "policy list\n\n"
     "  mingce policy propose publicity_days --value 7 --from 2026-07-01 --citation 示例文〔2026〕1号\n"},
    {"policy", "list", policy_list, "政策参数", "policies",
     "policy list [--day YYYY-MM-DD] [--division CODE] [--pending] [--limit N]\n" LIST_FILTER},
    {"policy", "decide", policy_decide, "批准或驳回所提参数", "decides proposed policies",
     "policy decide ID[,ID...] --decision in-force|rejected\n"},
    {"policy", "replay", policy_replay, "按草案试算某年的申领", "what a draft would make of a year's claims",
     "policy replay --draft FILE.csv --year Y [--division CODE]\n"
     "  --draft     补贴标准（列同 standard load），或政策参数（列：政策名 值 起始日期 "
     "截止日期）；有误的行逐行说明\n"
     "              standards, as standard load reads them, or policies: policy, value, from, to\n"
     "  --year      提交年份：未被退回、未撤回的申领，各按提交当日试算，草案仅在其起止日期内优先\n"
     "              of submission: each claim as on its day, where the draft's period covers it\n"
     "  --division  区县或市；默认本局所辖 / a county or a city; default the bureau's own\n"
     "  不写入任何内容；可试算的参数 / nothing is written; policies that are replayed: claim_months "
     "living_days\n\n"
     "  mingce policy replay --draft 补贴标准草案.csv --year 2026\n"},
    {"calendar", "load", calendar_load, "提出节假日和调休上班日",
     "proposes holidays and weekends that are worked",
     "calendar load FILE.csv [--rejects FILE]\n"
     "  列 / columns: 日期；上班或休息；文件依据 / day, working (working, rest), citation\n"
     "  另一人用 calendar decide 批准后生效；并列出将变动的公示截止日和办理期限\n"
     "  in force once another person has decided it; says which ends of publicity and due days it would "
     "move\n"},
    {"calendar", "list", calendar_list, "节假日和调休上班日", "holidays and weekends that are worked",
     "calendar list --division CODE [--from YYYY-MM-DD] [--pending] [--limit N]\n"
     "  --pending   已提出、尚未批准的 / proposed, not decided\n"},
    {"calendar", "decide", calendar_decide, "批准或驳回所提日期", "decides proposed days",
     "calendar decide ID[,ID...] --decision in-force|rejected\n"
     "  批准后立即变动公示截止日和办理期限，并列出 / moves ends of publicity and due days at once, and lists "
     "them\n"},
    {"certificate", "import", certificate_import, "导入证书", "imports certificates",
     "certificate import FILE.csv [--class NUMBER] [--rejects FILE]\n"
     "  列 / columns: 证书编号 证书类别 发证日期；班内序号 或/or 证件号码，姓名（有则须相符）；职业代码 "
     "等级（有 --class 时可省 / "
     "not with --class）\n"},
    {"certificate", "list", certificate_list, "证书列表", "lists certificates",
     "certificate list [--class NUMBER] [--limit N]\n"},
    {"certificate", "amend", certificate_amend, "更正尚未用于申领的证书",
     "amends a certificate that no claim rests on",
     "certificate amend --kind KIND --issued-on YYYY-MM-DD --occupation CODE --level LEVEL --version N "
     "--reason TEXT\n"
     "  证书编号从标准输入读取；写明更正后的全部内容，版本见 certificate list\n"
     "  the number is read from standard input; all that it says from now on; the version is that of "
     "certificate list\n"
     "  KIND   qualification skill-level special-ability training special-operation，或中文 / or the Chinese "
     "word\n"},
    {"certificate", "revoke", certificate_revoke, "撤销证书", "revokes a certificate",
     "certificate revoke --reason TEXT --on YYYY-MM-DD\n"
     "  证书编号从标准输入读取 / the number is read from standard input\n"},
    {"certificate", "reinstate", certificate_reinstate, "恢复证书（主管部门）",
     "makes it valid again (bureaus)",
     "certificate reinstate --reason TEXT --on YYYY-MM-DD\n"
     "  证书编号从标准输入读取 / the number is read from standard input\n"},
    {"certificate", "verify", certificate_verify, "核验证书", "verifies a certificate",
     "certificate verify\n"
     "  从标准输入读取两行：证书编号、持证人姓名；有效则退出码为0 / two lines on standard input: the number, "
     "the holder's\n"
     "  name; exit status 0: valid\n"},
    {"certificate", "export", certificate_export, "证书的签名文件，交持证人",
     "a certificate as a signed file, for its holder",
     "certificate export --output FILE [--type WORDS] [--country CODE]\n"
     "  从标准输入读取两行：证书编号、持证人证件号码 / two lines on standard input: the number, the holder's "
     "document number\n"
     "  --type  证件类型，默认居民身份证 / the kind of document, by default a resident ID\n"},
    {"certificate", "check", certificate_check, "离线核验证书的签名文件",
     "checks a certificate's signed file, offline",
     "certificate check FILE --certificate-key FILE [--document [--type WORDS] [--country CODE]]\n"
     "  --certificate-key  证书公钥文件，由登记机关公布 / file of the public key, as the registry publishes "
     "it\n"
     "  --document         核对持证人出示的证件，号码从标准输入读取 / compares the document that the holder "
     "shows, whose\n"
     "                     number is read from standard input\n"
     "  退出码0：签名有效，截至文件日期未撤销；1：签名不符、已撤销或证件不符\n"
     "  exit status 0: signed, and not revoked as of the file's day; 1: not signed, revoked, or another's "
     "document\n"},
    {"claim", "submit", claim_submit, "提交补贴申领", "submits subsidy claims",
     "claim submit FILE.csv [--route institution|employer|person] [--dry-run] [--rejects FILE]\n"
     "  列 / columns: 证书编号 代领协议编号 未收取费用（是）；补贴项目（空为全部适用 / blank: all that "
     "apply）\n"
     "  --dry-run  只列出全部问题，不提交；每行计为一次查看 / only says every reason, submits nothing; each "
     "row is a "
     "look\n"},
    {"claim", "list", claim_list, "申领列表，新的在前", "lists claims, newest first",
     "claim list [--state STATE] [--organisation CODE] [--class NUMBER] [--limit N]\n"},
    {"claim", "queue", claim_queue, "待办申领，最急的在前", "what waits, the longest due first",
     "claim queue [--state STATE] [--overdue] [--organisation CODE] [--class NUMBER] [--least YUAN] [--most "
     "YUAN]\n"
     "  --state  submitted（默认 / default） accepted reviewed publicised approved suspended\n"},
    {"claim", "public", claim_public, "公示名单（脱敏）", "what is publicised, masked",
     "claim public --division CODE [--limit N]\n"},
    {"claim", "show", claim_show, "一项申领的全部经过", "the whole story of a claim", "claim show CLAIM\n"},
    {"claim", "dossier", claim_dossier, "一项申领的可验证卷宗（审计员）",
     "a dossier of a claim that proves itself (auditors)",
     "claim dossier CLAIM --output FILE --key FILE [--witness FILE [--witnesses K]]\n" LOG_KEY
     "  离线核验 / offline: mingce audit check FILE --key FILE\n"},
    {"claim", "decide", claim_decide, "按文件办理多项申领", "takes a step with every claim of a file",
     "claim decide STEP FILE.csv [--reason TEXT] [--line training|assessment|living] [--fraud] [--rejects "
     "FILE]\n"
     "  STEP  accept return resubmit review publicise object approve reject pay withdraw suspend resume "
     "claw-back\n"
     "  列 / columns: 申领编号 版本；证书编号、姓名（有则须相符 / must agree where given）\n"},
    {"claim", "accept", claim_step, "受理一项申领", "accepts a claim",
     "claim accept CLAIM --version N [--reason TEXT]\n"},
    {"claim", "return", claim_step, "退回补正", "returns it to be mended",
     "claim return CLAIM --version N --reason TEXT\n"},
    {"claim", "resubmit", claim_step, "补正后再提交", "submits it again",
     "claim resubmit CLAIM --version N [--reason TEXT]\n"},
    {"claim", "review", claim_step, "初审", "reviews it", "claim review CLAIM --version N [--reason TEXT]\n"},
    {"claim", "publicise", claim_step, "公示", "publicises it",
     "claim publicise CLAIM --version N [--reason TEXT]\n"},
    {"claim", "object", claim_step, "登记异议", "enters an objection, which suspends it",
     "claim object CLAIM --version N --reason TEXT\n"},
    {"claim", "approve", claim_step, "核准", "approves it",
     "claim approve CLAIM --version N [--reason TEXT]\n"},
    {"claim", "reject", claim_step, "不予核准", "rejects it",
     "claim reject CLAIM --version N --reason TEXT\n"},
    {"claim", "pay", claim_step, "拨付，--reason 为支付凭证号",
     "pays it; --reason is the payment's reference", "claim pay CLAIM --version N --reason TEXT\n"},
    {"claim", "withdraw", claim_step, "撤回", "withdraws it",
     "claim withdraw CLAIM --version N --reason TEXT\n"},
    {"claim", "suspend", claim_step, "暂停调查", "suspends it for an inquiry",
     "claim suspend CLAIM --version N --reason TEXT\n"},
    {"claim", "resume", claim_step, "恢复办理", "resumes it",
     "claim resume CLAIM --version N --reason TEXT\n"},
    {"claim", "claw-back", claim_step, "追回已拨付的补贴", "claws back what was paid",
     "claim claw-back CLAIM --version N --reason TEXT [--line training|assessment|living] [--fraud]\n"},
    {"fact", "list", fact_list, "待核验事项（核验机构）", "what is asked of a verifying agency",
     "fact list --purpose PURPOSE --case REFERENCE\n" PURPOSES},
    {"fact", "ask", fact_ask, "询问员工是否参保（企业）", "asks whether employees are insured",
     "fact ask FILE.csv [--rejects FILE]\n"
     "  列 / columns: 证件号码 证件类型\n"
     "  核验机构答复相符后，企业方可为其申领 / once a verifying agency has answered that they are, the "
     "enterprise claims for "
     "them\n"},
    {"fact", "answer", fact_answer, "答复核验事项", "answers what was asked",
     "fact answer FILE.csv --source TEXT --as-of YYYY-MM-DD [--rejects FILE]\n"
     "  列 / columns: 申领编号 核验事项 核验结果（相符 不符 无法核验）\n"},
    {"access", "list", access_list, "各操作员每小时查看人数",
     "how many persons each operator looked at, by the hour",
     "access list [--refused] [--limit N]\n  --refused  只列超限被拒的 / only hours with looks over the "
     "limit\n"},
    {"audit", "log", audit_log, "审计日志，新的在前", "the audit log, newest first",
     "audit log [--actor ID] [--organisation CODE] [--method NAME] [--subject ID] [--class NUMBER]\n"
     "                 [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--limit N]\n"
     "  --actor    操作员编号 / the operator's id\n"
     "  --subject  学员、机构、操作员或变更的编号 / id of a person, an organisation, an operator or a "
     "change\n"
     "  --method   如 roster.import；rows 为各行的变更 / as roster.import; rows: the changes of rows\n"
     "  --limit    默认50 / default 50\n"},
    {"audit", "show", audit_show, "一条审计记录", "one entry",
     "audit show N [--id]\n"
     "  N     在日志中的位置，从0起；加 --id 则为编号 / the place in the log, from 0; with --id its id\n"},
    {"audit", "checkpoint", audit_checkpoint, "最新的签名检查点", "the last signed checkpoint",
     "audit checkpoint --key FILE [--witness FILE [--witnesses K]]\n" LOG_KEY},
    {"audit", "verify", audit_verify, "核验整个日志", "verifies the whole log",
     "audit verify --key FILE [--witness FILE [--witnesses K]] [--since FILE] [--max-age SECONDS]\n" LOG_KEY
     "  --since  记住检查点的文件：只核验其后的记录，中断后可接着核验，成功后更新；不给出则核验全部\n"
     "           remembers the checkpoint: what came after it is verified, a run that was broken off goes "
     "on;\n"
     "           without it the whole log is verified\n"
     "  --max-age  最新的检查点超过这么多秒即为失败：日志没有被及时签名\n"
     "           fails if the newest checkpoint is older: the log is not being signed\n"},
    {"audit", "prove", audit_prove, "一条记录在日志中的证明", "a proof that an entry is in the log",
     "audit prove N --output FILE.tlog-proof --key FILE [--witness FILE [--witnesses K]]\n" LOG_KEY
     "  N  在日志中的位置，从0起 / the place in the log, from 0\n"},
    {"audit", "check", audit_check, "离线核验证明文件或卷宗", "checks a proof file or a dossier, offline",
     "audit check FILE.tlog-proof --key FILE [--witness FILE [--witnesses K]]\n" LOG_KEY},
    {"audit", "person", audit_person, "关于一人的全部：登记、谁查看过、审计记录",
     "all about a person: what is held, who looked, the entries",
     "audit person [--id ID | --type TYPE [--country CODE]] [--purpose PURPOSE --case REFERENCE]\n"
     "  证件号码从标准输入读入 / the document number is read from standard input\n"
     "  --purpose, --case  给出则显示明文，并记入日志 / given: in clear, on record\n"},
    {"audit", "rows", audit_rows, "现有的每一行与日志比对", "compares every live row with the log",
     "audit rows --key FILE\n" LOG_KEY "  退出码1：列出日志中没有的行、日志中有而已不在的行、与日志不同的行\n"
     "  exit status 1: rows without an entry, entries without a row, and rows that differ are listed\n"},
    {"audit", "receipt", audit_receipt, "核验回执：签名，及所承诺的记录是否已入日志",
     "checks a receipt: its signature, and whether the log has what it promises",
     "audit receipt FILE.receipt --receipt-key FILE [--key FILE]\n"
     "  --receipt-key  回执公钥文件 / file of the receipts' public key\n"
     "  --key          日志公钥文件；不给出则只离线核验签名\n"
     "                 file of the log's public key; without it only the signature is checked, offline\n"},
    {"audit", "export", audit_export, "导出日志的静态副本，任何网页服务器可用",
     "a static copy of the log, for any web server",
     "audit export DIR --key FILE [--witness FILE [--witnesses K]]\n" LOG_KEY
     "  checkpoint, tile/…, tile/entries/…, log.vkey（C2SP tlog-tiles）\n"},
    {"witness", "create-key", witness_create_key, "新建见证者的密钥，印出公钥",
     "makes a witness's key, prints the public one",
     "witness create-key NAME FILE\n\n  mingce witness create-key witness.example.cn/1 witness.key "
     ">witness.vkey\n"},
    {"witness", "add-log", witness_add_log, "登记一个从未见证过的日志",
     "begins with a log that was never cosigned",
     "witness add-log FILE.vkey --state DIR\n"
     "  状态丢失后不得重新登记：须另建密钥 / never to replace a state that was lost: make another key "
     "then\n"},
    {"witness", NULL, witness_run, "见证日志：只对未被改写的日志联署",
     "cosigns logs whose history is not rewritten",
     "witness --listen ADDRESS:PORT --key FILE --log FILE --state DIR\n"
     "  --listen  端口0：自选，印出 / port 0: any, which is printed\n"
     "  --key     见证者的密钥 / the witness's own key\n"
     "  --log     所见证日志的公钥，每行一个 / public keys of the logs, a line each\n"
     "  --state   记住已联署检查点的目录，不得丢失或恢复旧备份\n"
     "            the directory that remembers what was cosigned: not to be lost nor restored from a backup\n"
     "  POST …/add-checkpoint（C2SP tlog-witness）\n"},
};

static void print_help(const struct cli *cli, FILE *out)
{
    fprintf(out, "%s\n\n",
            cli_say(cli, "用法：mingce [--profile 身份] [--json] 命令 …",
                    "usage: mingce [--profile NAME] [--json] COMMAND ..."));
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        char name[64];
        snprintf(name, sizeof(name), "%s%s%s", commands[i].noun, commands[i].verb == NULL ? "" : " ",
                 commands[i].verb == NULL ? "" : commands[i].verb);
        fprintf(out, "  %-24s%s\n", name, cli_say(cli, commands[i].zh, commands[i].en));
    }
    fputs(
        cli_say(
            cli,
            "\n  --profile  身份文件名，在 $MINGCE_PROFILES 或 ~/.config/mingce 下；默认 $MINGCE_PROFILE\n"
            "  --json     每行一个 JSON 对象\n"
            "  各命令的用法：mingce 命令 --help\n\n"
            "退出码：0 成功，1 有行被退回，2 用法有误，3 服务端拒绝，4 连接不上（可重试），5 文件无法读写\n",
            "\n  --profile  a file in $MINGCE_PROFILES or ~/.config/mingce; default $MINGCE_PROFILE\n"
            "  --json     one JSON object a line\n"
            "  the usage of a command: mingce COMMAND --help\n\n"
            "exit status: 0 ok, 1 rows refused, 2 usage, 3 refused by the server, 4 no server or no answer "
            "(try again), 5 a file\n"),
        out);
}

static const struct command *command_named(int argc, char **argv, int *used)
{
    const char *noun = argc > 0 && strcmp(argv[0], "person") == 0 ? "trainee" : argc > 0 ? argv[0] : "";
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        const struct command *command = &commands[i];
        *used = command->verb == NULL ? 1 : 2;
        if (argc >= *used && strcmp(noun, command->noun) == 0 &&
            (command->verb == NULL || strcmp(argv[1], command->verb) == 0))
            return command;
    }
    return NULL;
}

/* LC_ALL, LC_MESSAGES, LANG, as everywhere. */
static bool locale_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0')
            return strncmp(value, "zh", 2) == 0;
    }
    return false;
}

/* The options that stand before the command. Returns how many words they take; -1: wrong ones. */
static int options_before(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--json") == 0)
            cli->json = true;
        else if (strncmp(argv[at], "--profile=", 10) == 0)
            cli->profile = argv[at] + 10;
        else if (strcmp(argv[at], "--profile") == 0 && at + 1 < argc)
            cli->profile = argv[++at];
        else
            return -1;
    }
    return at;
}

/* Whatever is opened later must not get the number of a stream that is written to: a closed one becomes one that can
 * not be written. */
static bool streams_taken(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            return false;
    return true;
}

/* The exit status, when all of the output has gone out. */
static int finish(const struct cli *cli, int status)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail(cli, CLI_FILE, "输出无法写出", "the output could not be written", NULL);
    return status;
}

int main(int argc, char **argv)
{
    struct cli cli = {.zh = locale_chinese(), .profile = getenv("MINGCE_PROFILE")};
    int used;
    if (!streams_taken())
        return CLI_FILE;
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  /* a write that a limit forbids fails, and says so */
    prctl(PR_SET_DUMPABLE, 0); /* rosters and the key pass through this memory */
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("mingce " MINGCE_VERSION);
        return finish(&cli, CLI_OK);
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(&cli, stdout);
        return finish(&cli, CLI_OK);
    }
    int at = options_before(&cli, argc, argv);
    const struct command *command = at < 0 ? NULL : command_named(argc - at, argv + at, &used);
    if (command == NULL) {
        print_help(&cli, stderr);
        return CLI_USAGE;
    }
    cli.usage = command->usage;
    int status = command->run(&cli, argc - at - used + 1, argv + at + used - 1);
    mingce_close(cli.server);
    return finish(&cli, status);
}
