/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a dossier that somebody brings. What opens is read to its end, within its bytes, and printed for people and programs. */
#include <stdio.h>
#include <stdlib.h>

#include "client/cli/verify/dossier_print.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc, (void) argv;
    require(freopen("/dev/null", "w", stdout) != NULL);
    return 0;
}

static void read_row(Mingce__V1__DossierRow *row)
{
    static const struct cli people = {.program = "mingce", .profile = "fuzz"},
                            programs = {.program = "mingce", .json = true, .zh = true};
    struct row_record record;
    struct row_record_field field, found;
    if (!dossier_row_open(&record, row))
        return;
    while (row_record_next(&record, &field)) {
        require(field.bytes == NULL ? field.n == 0 : field.n <= row->record.len);
        if (field.bytes != NULL)
            require(dossier_row_find(row, field.column, field.n, &found) && found.bytes == field.bytes);
    }
    require(record.left == 0 && record.fields == 0);
    dossier_rows_print(&people, &row, 1);
    dossier_rows_print(&programs, &row, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Mingce__V1__Dossier *dossier = mingce__v1__dossier__unpack(NULL, size, data);
    for (size_t i = 0; dossier != NULL && i < dossier->n_row; i++)
        read_row(dossier->row[i]);
    mingce__v1__dossier__free_unpacked(dossier, NULL);
    return 0;
}
