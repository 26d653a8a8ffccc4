/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a dossier (proto/dossier.proto): a header, then the message. Its rows are as PostgreSQL writes them and the log
 * covers them: record_send() over the columns of their table. The log has no names for the columns, so they are known here
 * (covered.h), and what a file calls them is compared.
 */
#ifndef MINGCE_PROTO_DOSSIER_H
#define MINGCE_PROTO_DOSSIER_H

#include "proto/dossier.pb-c.h"
#include "proto/tlog/row_record.h"

#define DOSSIER_HEADER "mingce.v1.Dossier\n"
/* A project of 5,000 heads with 60 lessons each has 350,000 rows, which are 100 megabytes. */
enum { DOSSIER_FILE = 1 << 27, DOSSIER_ELEMENTS = 1 << 20, DOSSIER_ID = 16 };

bool dossier_is(const char *bytes, size_t n);
/* A file that somebody brings, scanned before it is unpacked; the caller frees it. NULL: it is no dossier. */
Mingce__V1__Dossier *dossier_read(const char *bytes, size_t n);

/* A dossier has rows of this table. */
bool dossier_has_table(Mingce__V1__RowTable);
/* Begins to read a row. False: a table that a dossier does not have, other columns than it has, or not as many fields. */
bool dossier_row_open(struct row_record *, const Mingce__V1__DossierRow *);
/* The field of a column; false: no such column, or not that many bytes. */
bool dossier_row_find(const Mingce__V1__DossierRow *, const char *column, size_t n,
                      struct row_record_field *);
/* Whether the row's field of that column has the other's bytes. */
bool dossier_row_same(const Mingce__V1__DossierRow *, const char *column,
                      const struct row_record_field *other);
/* The whole number in a field of so many bytes; -1: there is none. */
int64_t dossier_row_number(const Mingce__V1__DossierRow *, const char *column, size_t n);

#endif
