/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/xlsx_fault.h"

#include <stdio.h>
#include <string.h>

bool xlsx_fail(struct xlsx_fault *fault, enum xlsx_wrong wrong, const char *part)
{
    if (fault->wrong != XLSX_GOOD)
        return false;
    fault->wrong = wrong;
    if (part != NULL)
        snprintf(fault->part, sizeof(fault->part), "%s", part);
    return false;
}

void xlsx_fault_say(const struct cli *cli, const struct xlsx_fault *fault, char *why, size_t size)
{
    static const struct {
        const char *zh, *en;
    } words[XLSX_WRONG] = {
        [XLSX_GOOD] = {"", ""},
        [XLSX_MEMORY] = {"内存不足", "out of memory"},
        [XLSX_DAMAGED] =
            {"电子表格文件不完整或已损坏，请重新传送，或在表格软件中另存",
             "the spreadsheet is not whole: send it again, or save it anew in the spreadsheet program"},
        [XLSX_ENTRIES] = {"电子表格文件中的部件超过4096个", "the spreadsheet has more than 4096 parts"},
        [XLSX_PACKED] =
            {"电子表格文件的压缩方法无法识别，请在表格软件中另存为 .xlsx",
             "the spreadsheet is packed in an unknown way: save it as .xlsx in the spreadsheet program"},
        [XLSX_LOCKED] = {"文件有打开密码：请在表格软件中去掉打开密码后另存",
                         "the file has a password: remove it in the spreadsheet program and save the file"},
        [XLSX_UNFOLDS] = {"电子表格文件的内容过大", "the spreadsheet's content is too large"},
        [XLSX_BOMB] = {"电子表格文件展开后大得反常，不予读取",
                       "the spreadsheet unfolds to an abnormal size and is not read"},
        [XLSX_MISSING] = {"电子表格文件缺少部件，请在表格软件中另存为 .xlsx",
                          "the spreadsheet lacks a part: save it as .xlsx in the spreadsheet program"},
        [XLSX_TWICE] = {"电子表格文件中同一部件出现两次，不予读取",
                        "a part is in the spreadsheet twice, which is not read"},
        [XLSX_MARKUP] =
            {"电子表格文件的内容无法识别，请在表格软件中另存为 .xlsx",
             "the spreadsheet's content is not understood: save it as .xlsx in the spreadsheet program"},
        [XLSX_DOCTYPE] = {"电子表格文件中含有文档类型声明，不予读取",
                          "the spreadsheet has a document type, which is not read"},
        [XLSX_DEEP] = {"电子表格文件的内容层数过多", "the spreadsheet's content has too many levels"},
        [XLSX_MUCH] = {"电子表格文件中有过长的名称或属性",
                       "the spreadsheet has a name or an attribute that is too long"},
        [XLSX_STYLES] =
            {"电子表格文件的单元格格式过多，请把内容以“值”粘贴到新的文件中",
             "the spreadsheet has too many cell formats: paste its content as values into a new file"},
        [XLSX_OTHER] = {"这是其他种类的文件，不是电子表格",
                        "this is a file of another kind, and no spreadsheet"},
        [XLSX_BINARY] = {"这是二进制电子表格（.xlsb），请在表格软件中另存为 .xlsx",
                         "this is a binary spreadsheet (.xlsb): save it as .xlsx in the spreadsheet program"},
        [XLSX_OPEN] =
            {"这是 OpenDocument 电子表格（.ods），请在表格软件中另存为 .xlsx",
             "this is an OpenDocument spreadsheet (.ods): save it as .xlsx in the spreadsheet program"},
        [XLSX_NO_SHEETS] = {"电子表格文件中没有工作表", "there is no sheet in the spreadsheet"},
        [XLSX_SHEETS] = {"电子表格文件中的工作表超过1024张", "the spreadsheet has more than 1024 sheets"},
        [XLSX_ROWS] = {"工作表超过1048576行", "the sheet has more than 1048576 rows"},
        [XLSX_COLUMNS] = {"工作表有内容的列超过64列", "the sheet has cells filled in beyond column 64"},
        [XLSX_CELLS] = {"工作表的单元格过多，请分成几个文件",
                        "the sheet has too many cells: divide it into several files"},
        [XLSX_TEXT] = {"工作表的文字过多，请分成几个文件",
                       "the sheet has too much text: divide it into several files"},
        [XLSX_ORDER] =
            {"工作表的行或单元格次序有误，请在表格软件中另存为 .xlsx",
             "rows or cells of the sheet are out of order: save it as .xlsx in the spreadsheet program"},
    };
    const char *said = cli_say(cli, words[fault->wrong].zh, words[fault->wrong].en);
    char row[48] = "";
    if (fault->row > 0)
        snprintf(row, sizeof(row), cli->zh ? "，第%zu行" : ", row %zu", fault->row);
    if (fault->part[0] != '\0')
        snprintf(why, size, cli->zh ? "%s（%s%s）" : "%s (%s%s)", said, fault->part, row);
    else
        snprintf(why, size, "%s", said);
}
