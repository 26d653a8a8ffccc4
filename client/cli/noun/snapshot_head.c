/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/noun/snapshot_head.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "client/cli/command/rows.h"
#include "client/cli/command/words.h"
#include "client/cli/sheet/forms.h"
#include "proto/rules/bounds.h"
#include "proto/rules/cell.h"
#include "proto/wire/hex.h"

enum { HEAD_SOURCE, HEAD_AREA, HEAD_AS_OF, HEAD_WHAT, HEAD_ROWS, HEAD_DIGEST, HEAD_ISSUER, HEAD_CELLS };
enum { PART = 65536, HEAD_SHA256 = 32 };

static int wrong(const struct cli *cli, enum reason reason, const char *detail)
{
    const struct reason_text *row = reason_text(reason);
    return cli_fail(cli, CLI_FILE, row->zh, row->en, detail);
}

/* "source: identity, insurance, ...; see mingce code list registers" */
static const char *sources_listed(const struct cli *cli)
{
    static char text[512];
    size_t used = (size_t) snprintf(text, sizeof(text), "%s", cli_say(cli, "来源须为", "source: "));
    for (int i = 1; word_zh(WORD_SOURCE, i) != NULL && used < sizeof(text); i++)
        used += (size_t) snprintf(text + used, sizeof(text) - used, "%s%s",
                                  i == 1 ? "" : cli_say(cli, "、", ", "),
                                  cli_say(cli, word_zh(WORD_SOURCE, i), word_stable(WORD_SOURCE, i)));
    if (used < sizeof(text))
        snprintf(text + used, sizeof(text) - used, "%s",
                 cli_say(cli, "，见 mingce code list registers", "; see mingce code list registers"));
    return text;
}

/* Digests what follows the first line. False: errno says why not. */
static bool digest_rest(FILE *file, EVP_MD_CTX *digest)
{
    static char part[PART];
    bool head = true;
    size_t n;
    while ((n = fread(part, 1, sizeof(part), file)) > 0) {
        const char *from = head ? memchr(part, '\n', n) : part;
        if (from == NULL)
            continue; /* the first line goes on */
        from += head;
        head = false;
        if (EVP_DigestUpdate(digest, from, n - (size_t) (from - part)) != 1)
            return false;
    }
    return ferror(file) == 0;
}

/* Digests a file but for its head line. Returns likewise. */
static int file_digest(const struct cli *cli, const char *path, uint8_t found[HEAD_SHA256])
{
    FILE *file = fopen(path, "re");
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool good = file != NULL && digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
                digest_rest(file, digest) && EVP_DigestFinal_ex(digest, found, NULL) == 1;
    int error = errno;
    EVP_MD_CTX_free(digest);
    if (file != NULL)
        fclose(file);
    if (!good)
        return cli_fail(cli, CLI_FILE, "文件不能读取", "the file cannot be read", cli_cause(cli, error));
    return CLI_OK;
}

/* What the cell at a place of the head line says wrongly; NULL: nothing. */
static const char *head_wrong(const struct cli *cli, char **cells, struct snapshot_head *head)
{
    Mingce__V1__SnapshotOpenRequest *request = &head->request;
    day as_of = cell_day(cells[HEAD_AS_OF]);
    int rows = rows_number(cells[HEAD_ROWS], SNAPSHOT_ROWS_MOST);
    size_t issuer = strlen(cells[HEAD_ISSUER]);
    bool partial = cell_same_word(cells[HEAD_WHAT], "增量") || cell_same_word(cells[HEAD_WHAT], "partial");
    request->complete =
        cell_same_word(cells[HEAD_WHAT], "全量") || cell_same_word(cells[HEAD_WHAT], "complete");
    request->source = (Mingce__V1__VerificationSource) word_number(WORD_SOURCE, cells[HEAD_SOURCE]);
    if (request->source == 0)
        return sources_listed(cli);
    if (!division_of_cell(cells[HEAD_AREA], head->division))
        return cli_say(cli, "范围", "area");
    if (as_of == DAY_NONE)
        return cli_say(cli, "截至日", "as-of day");
    if (!request->complete && !partial)
        return cli_say(cli, "第四格须为全量或增量", "the fourth cell is complete or partial");
    if (rows < 0)
        return cli_say(cli, "行数", "rows");
    if (!hex_read(cells[HEAD_DIGEST], head->digest, sizeof(head->digest)))
        return "SHA256";
    if (issuer == 0 || issuer >= sizeof(head->issuer))
        return cli_say(cli, "签发人", "issuer");
    request->rows = (uint32_t) rows;
    day_format(as_of, head->as_of);
    memcpy(head->issuer, cells[HEAD_ISSUER], issuer + 1);
    return NULL;
}

int snapshot_head_read(const struct cli *cli, const char *path, struct snapshot_head *head)
{
    struct sheet sheet;
    int status = sheet_read(cli, path, &sheet);
    if (status != CLI_OK)
        return status;
    mingce__v1__snapshot_open_request__init(&head->request);
    head->request.division = head->division;
    head->request.as_of = head->as_of;
    head->request.issuer = head->issuer;
    head->request.file_digest = (ProtobufCBinaryData){sizeof(head->digest), head->digest};
    if (sheet.book != NULL)
        status = cli_fail(
            cli, CLI_FILE, "快照须为签发单位所给的 CSV 文件，其首行有校验值",
            "a snapshot is the CSV file that its issuer has made, with a digest in its first line", path);
    else if (sheet.text_n == 0)
        status = cli_fail(cli, CLI_FILE, "文件是空的", "the file is empty", path);
    else if (sheet.rows[0].n < HEAD_CELLS)
        status = wrong(cli, REASON_SNAPSHOT_HEAD, NULL);
    else {
        const char *what = head_wrong(cli, sheet.rows[0].cells, head);
        status = what == NULL ? CLI_OK : wrong(cli, REASON_SNAPSHOT_HEAD, what);
    }
    sheet_free(&sheet);
    uint8_t found[HEAD_SHA256];
    if (status == CLI_OK)
        status = file_digest(cli, path, found);
    return status == CLI_OK && memcmp(found, head->digest, sizeof(found)) != 0
               ? wrong(cli, REASON_SNAPSHOT_DIGEST, NULL)
               : status;
}

static int write_below(const struct cli *cli, const char *path, const struct snapshot_head *head,
                       const struct form_file *file, const uint8_t digest[HEAD_SHA256])
{
    char rows[16], hex[2 * HEAD_SHA256 + 1];
    struct sheet_writer *writer = sheet_writer_open(cli, path, file->sheet.gb18030);
    if (writer == NULL)
        return CLI_FILE;
    snprintf(rows, sizeof(rows), "%zu", file->n);
    hex_write(digest, HEAD_SHA256, hex);
    const char *const cells[HEAD_CELLS] = {[HEAD_SOURCE] = word_zh(WORD_SOURCE, (int) head->request.source),
                                           [HEAD_AREA] = head->division,
                                           [HEAD_AS_OF] = head->as_of,
                                           [HEAD_WHAT] = "增量",
                                           [HEAD_ROWS] = rows,
                                           [HEAD_DIGEST] = hex,
                                           [HEAD_ISSUER] = head->issuer};
    sheet_writer_separate(writer, file->sheet.delimiter);
    for (size_t i = 0; i < HEAD_CELLS; i++)
        sheet_writer_cell(writer, cells[i]);
    sheet_writer_row(writer);
    for (size_t i = 0; i < file->sheet.n; i++) {
        for (size_t k = 0; k < file->sheet.rows[i].n; k++)
            sheet_writer_cell(writer, file->sheet.rows[i].cells[k]);
        sheet_writer_row(writer);
    }
    return sheet_writer_close(writer);
}

int snapshot_head_put(const struct cli *cli, const char *path, const struct snapshot_head *head)
{
    uint8_t digest[HEAD_SHA256] = {0};
    struct form_file file;
    int status = form_file_read(cli, path, &snapshot_form, &file);
    if (status != CLI_OK)
        return status;
    status = write_below(cli, path, head, &file, digest);
    if (status == CLI_OK)
        status = file_digest(cli, path, digest); /* which the head line is no part of */
    if (status == CLI_OK)
        status = write_below(cli, path, head, &file, digest);
    form_file_free(&file);
    return status;
}
