/* SPDX-License-Identifier: Apache-2.0 */
/* Words, classes and who takes part: the commands and what their usages say. */
#include "client/cli/command.h"
#include "client/cli/forms.h"

static const struct command commands[] = {
    {"code",
     "list",
     code_list,
     "代码表：文件和选项中可用的词，不联网",
     "the words that files and options may use, offline",
     "code list TABLE [WORD]\n",
     "  TABLE  groups 人员类别，kinds 培训类型，levels 技能等级，occupations 职业，divisions "
     "行政区划，documents 证件类型，\n"
     "         ethnicities 民族，educations 文化程度，certificates 证书类别，lines 补贴项目，attendance "
     "考勤状态，\n"
     "         working 上班或休息，routes 申领途径，purposes 查看用途，organisations 机构类别，roles 角色，\n"
     "         steps 申领环节，states 申领状态，facts 核验事项，answers 核验结果，policies 政策参数\n"
     "  WORD   只列含此字样的\n"
     "\n"
     "  mingce code list occupations 家政\n",
     "  TABLE  groups kinds levels occupations divisions documents ethnicities educations certificates "
     "lines\n"
     "         attendance working routes purposes organisations roles steps states facts answers policies\n"
     "  WORD   only rows that have it\n"
     "\n"
     "  mingce code list occupations 4-10\n",
     {NULL}},
    {"template",
     NULL,
     template_write,
     "空白文件：列名和一行示例，不联网",
     "an empty file: its columns and an example, offline",
     "template NOUN [--output FILE]\n",
     "  NOUN  roster 花名册，lesson 教学计划，attendance 考勤，marks 成绩，certificate 证书，claim "
     "申领，decision 办理，\n"
     "        employee 参保询问，fact 核验答复，standard 补贴标准，policy 政策参数草案，calendar 节假日\n"
     "\n"
     "  mingce template marks --output 成绩.csv\n",
     "  NOUN  roster lesson attendance marks certificate claim decision employee fact standard policy "
     "calendar\n"
     "\n"
     "  mingce template marks --output marks.csv\n",
     {NULL}},
    {"class",
     "open",
     class_open,
     "开班",
     "opens a class",
     "class open --title TITLE --occupation CODE --level LEVEL --kind KIND\n"
     "                  --starts YYYY-MM-DD --ends YYYY-MM-DD --capacity N\n",
     "  --occupation  职业代码或名称（mingce code list occupations 家政）\n"
     "  --level       学徒工 初级工 中级工 高级工 技师 高级技师 特级技师 首席技师，或 junior 等（mingce code "
     "list levels）\n"
     "  --kind        培训类型的名称或代码（mingce code list kinds）\n"
     "\n"
     "  mingce class open --title 家政服务员第三期 --occupation 4-10-01-06 --level 初级工 \\\n"
     "      --kind 就业技能培训 --starts 2026-03-01 --ends 2026-05-31 --capacity 50\n",
     "  --occupation  its code or name (mingce code list occupations)\n"
     "  --level       apprentice junior intermediate senior technician senior-technician\n"
     "                distinguished-technician chief-technician\n"
     "  --kind        the training kind's code or name (mingce code list kinds)\n"
     "\n"
     "  mingce class open --title \"Home care 3\" --occupation 4-10-01-06 --level junior \\\n"
     "      --kind 3 --starts 2026-03-01 --ends 2026-05-31 --capacity 50\n",
     {NULL}},
    {"class",
     "list",
     class_list,
     "班级一览，新的在前",
     "classes, newest first",
     "class list [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"class", "show", class_show, "一个班级", "one class", "class show NUMBER\n", NULL, NULL, {NULL}},
    {"class",
     "amend",
     class_amend,
     "变更班级（开课前）",
     "amends a class before its start",
     "class amend NUMBER --version N [--title TITLE] [--starts DAY] [--ends DAY] [--capacity N]\n",
     "  --version  class show 所显示的版本\n",
     "  --version  as class show says\n",
     {NULL}},
    {"class",
     "start",
     class_start,
     "开课",
     "starts a class",
     "class start NUMBER --version N\n",
     NULL,
     NULL,
     {NULL}},
    {"class",
     "complete",
     class_complete,
     "结班，确定结业人员",
     "completes a class: who has completed is decided",
     "class complete NUMBER --version N\n",
     NULL,
     NULL,
     {NULL}},
    {"class",
     "cancel",
     class_cancel,
     "取消班级",
     "cancels a class",
     "class cancel NUMBER --version N --reason TEXT\n",
     NULL,
     NULL,
     {NULL}},
    {"lesson",
     "import",
     lesson_import,
     "导入教学计划",
     "imports the plan of a class",
     "lesson import FILE.csv --class NUMBER [--rejects FILE]\n",
     REJECTS_ZH,
     REJECTS_EN,
     {&lesson_form}},
    {"lesson",
     "list",
     lesson_list,
     "教学计划",
     "the plan of a class",
     "lesson list --class NUMBER [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"lesson",
     "remove",
     lesson_remove,
     "删除一次课",
     "takes a lesson out of the plan",
     "lesson remove --class NUMBER --lesson N\n",
     NULL,
     NULL,
     {NULL}},
    {"attendance",
     "import",
     attendance_import,
     "导入考勤",
     "imports attendance",
     "attendance import FILE.csv --class NUMBER [--reason TEXT] [--rejects FILE]\n",
     "  状态：出勤 请假 迟到 早退 缺勤（mingce code list attendance）；姓名有则须与登记的相符\n"
     "  --reason   结班后由主管部门更正的理由\n" REJECTS_ZH,
     "  state: present leave late left-early absent (mingce code list attendance); a name must agree\n"
     "  --reason   why a bureau corrects a completed class\n" REJECTS_EN,
     {&attendance_form}},
    {"marks",
     "import",
     marks_import,
     "导入成绩",
     "imports marks",
     "marks import FILE.csv --class NUMBER [--reason TEXT] [--rejects FILE]\n",
     "  成绩为0至100，至多一位小数；姓名有则须与登记的相符\n"
     "  --reason   结班后由主管部门更正的理由\n" REJECTS_ZH,
     "  a mark is 0 to 100 with one decimal at most; a name must agree\n"
     "  --reason   why a bureau corrects a completed class\n" REJECTS_EN,
     {&marks_form}},
    {"training",
     "list",
     training_list,
     "学员的课时、成绩、结果",
     "hours, marks and results of the trainees",
     "training list --class NUMBER [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"roster",
     "check",
     roster_check_file,
     "离线检查花名册，不联网",
     "checks a roster, offline",
     "roster check FILE.csv [--starts YYYY-MM-DD] [--rejects FILE]\n",
     "  --starts   开班日期，用于核对年龄；默认今天\n" REJECTS_ZH "\n"
     "  mingce roster check 花名册.csv --rejects 退回.csv\n",
     "  --starts   the class's first day, for ages; default today\n" REJECTS_EN "\n"
     "  mingce roster check roster.csv --rejects rejects.csv\n",
     {&roster_form}},
    {"roster",
     "import",
     roster_import,
     "把花名册导入班级",
     "imports a roster into a class",
     "roster import FILE.csv --class NUMBER [--dry-run] [--rejects FILE] [--output FILE]\n",
     "  --dry-run  只检查，不登记\n" REJECTS_ZH "  --output   把已在班的行连同班内序号写入此文件\n"
     "  再次导入同一文件不会重复登记\n"
     "\n"
     "  mingce roster import 花名册.csv --class 202600001 --rejects 退回.csv\n",
     "  --dry-run  every check, nothing written\n" REJECTS_EN
     "  --output   writes the rows of the class's trainees with their seats\n"
     "  the same file again adds nothing\n"
     "\n"
     "  mingce roster import roster.csv --class 202600001 --rejects rejects.csv\n",
     {&roster_form}},
    {"roster",
     "list",
     roster_list,
     "班级的学员（脱敏）",
     "the trainees of a class, masked",
     "roster list --class NUMBER [--limit N]\n",
     NULL,
     NULL,
     {NULL}},
    {"roster",
     "remove",
     roster_remove,
     "移出学员",
     "removes a trainee from a class",
     "roster remove --class NUMBER --seat N --reason TEXT [--confirm]\n",
     CONFIRM_ZH,
     CONFIRM_EN,
     {NULL}},
    {"roster",
     "restore",
     roster_restore,
     "恢复学员",
     "takes a removed trainee back",
     "roster restore --class NUMBER --seat N [--confirm]\n",
     CONFIRM_ZH,
     CONFIRM_EN,
     {NULL}},
    {"roster",
     "export",
     roster_export,
     "导出班级学员（明文，留痕）",
     "exports a class's trainees in clear, on record",
     "roster export FILE.csv --class NUMBER --purpose PURPOSE --case REFERENCE\n",
     PURPOSES_ZH "\n"
                 "  mingce roster export 名单.csv --class 202600001 --purpose 资金拨付 --case JN-2026-17\n",
     PURPOSES_EN
     "\n"
     "  mingce roster export trainees.csv --class 202600001 --purpose payment --case JN-2026-17\n",
     {NULL}},
};
const struct commands commands_training = {commands, sizeof(commands) / sizeof(*commands)};
