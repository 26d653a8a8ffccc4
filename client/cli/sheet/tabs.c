/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/tabs.h"

#include <stdio.h>
#include <string.h>

/* What is found of the sheets that fit. */
struct found {
    size_t visible_n, hidden_n, first_visible, first_hidden;
    char names[1024], hidden_names[1024]; /* as they are told */
};

static void name_add(const struct cli *cli, char *names, size_t size, const char *name)
{
    size_t used = strlen(names);
    int n = snprintf(names + used, size - used, cli->zh ? "%s“%s”" : "%s\"%s\"",
                     used == 0 ? "" : cli_say(cli, "、", ", "), name);
    if (n < 0 || (size_t) n >= size - used)
        names[used] = '\0';
}

/* Looks at the first rows of every sheet. One that is too wide is of another kind, and none of ours. False: another cannot be read; then
 * whether it fits is not known. */
static bool look(const struct cli *cli, const struct sheet *sheet, size_t first_rows, tabs_fits *fits,
                 void *context, struct found *found, struct xlsx_fault *fault)
{
    for (size_t i = 0; i < sheet->book->tabs_n; i++) {
        const struct xlsx_tab *tab = &sheet->book->tabs[i];
        struct sheet peek = {.book = sheet->book};
        if (!sheet_rows_read(&peek, i, first_rows, fault) && fault->wrong != XLSX_COLUMNS)
            return false;
        if (fits(context, &peek)) {
            size_t *first = tab->hidden ? &found->first_hidden : &found->first_visible,
                   *n = tab->hidden ? &found->hidden_n : &found->visible_n;
            *first = *n == 0 ? i : *first;
            ++*n;
            name_add(cli, tab->hidden ? found->hidden_names : found->names, sizeof(found->names), tab->name);
        }
        sheet_rows_free(&peek);
    }
    return true;
}

static size_t first_to_see(const struct xlsx_book *book)
{
    for (size_t i = 0; i < book->tabs_n; i++)
        if (!book->tabs[i].hidden)
            return i;
    return 0;
}

/* What a user who looks at the file does not see, and what of it is not read. */
static void tell(const struct cli *cli, const struct sheet *sheet, const struct found *found)
{
    const struct xlsx_tab *tab = &sheet->book->tabs[sheet->tab];
    if (sheet->book->tabs_n > 1)
        fprintf(stderr, cli->zh ? "读取的是工作表“%s”\n" : "the sheet \"%s\" is read\n", tab->name);
    if (tab->hidden)
        fprintf(stderr,
                cli->zh ? "工作表“%s”是隐藏的，已照常读取\n"
                        : "the sheet \"%s\" is hidden, and read all the same\n",
                tab->name);
    if (sheet->hidden_n > 0)
        fprintf(stderr,
                cli->zh ? "其中%zu行是隐藏的，已照常读取；最前面的是第%zu行\n"
                : sheet->hidden_n == 1
                    ? "%zu row of it is hidden, and read all the same: row %zu\n"
                    : "%zu rows of it are hidden, and read all the same; the first is row %zu\n",
                sheet->hidden_n, sheet->hidden_first);
    if (found->visible_n > 0 && found->hidden_n > 0)
        fprintf(stderr,
                cli->zh ? "隐藏的工作表%s也有表头，没有读取\n"
                        : "hidden sheets that have the header, too, and are not read: %s\n",
                found->hidden_names);
}

int tabs_choose(const struct cli *cli, const char *path, struct sheet *sheet, size_t first_rows,
                tabs_fits *fits, void *context)
{
    struct found found = {.names = ""};
    struct xlsx_fault fault;
    char detail[4300 + sizeof(found.names)];
    if (sheet->book == NULL)
        return CLI_OK;
    if (sheet->book->tabs_n > 1) {
        if (!look(cli, sheet, first_rows, fits, context, &found, &fault))
            return sheet_fail(cli, path, sheet, &fault);
        size_t several = found.visible_n > 0 ? found.visible_n : found.hidden_n;
        if (several > 1) {
            snprintf(detail, sizeof(detail), cli->zh ? "%s：%s" : "%s: %s", path,
                     found.visible_n > 0 ? found.names : found.hidden_names);
            return cli_fail(
                cli, CLI_FILE, "几张工作表都有表头，不知道应读取哪一张：请把要读取的一张另存为单独的文件",
                "several sheets have the header, and which one is meant is not known: save it as a "
                "file of its own",
                detail);
        }
        size_t tab = found.visible_n > 0  ? found.first_visible
                     : found.hidden_n > 0 ? found.first_hidden
                                          : first_to_see(sheet->book);
        int status = sheet_turn(cli, path, sheet, tab);
        if (status != CLI_OK || several == 0)
            return status;
    }
    tell(cli, sheet, &found);
    return CLI_OK;
}
