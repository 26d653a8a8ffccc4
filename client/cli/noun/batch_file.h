/* SPDX-License-Identifier: Apache-2.0 */
/* The file that a bank gets (F13): of each part a first line with the totals and a digest, then a line for each
 * payment. All parts are written, or none. */
#ifndef MINGCE_CLI_BATCH_FILE_H
#define MINGCE_CLI_BATCH_FILE_H

#include "client/cli/frame/cli.h"
#include "proto/batch.pb-c.h"

struct batch_file;
/* Of one batch, in parts that `head` says; it is written to `path`, or, if it has several parts, to files that have the number of the
 * part before the name's end. NULL: out of memory. `head` must outlive it. */
struct batch_file *batch_file_begin(const char *path, bool gb18030,
                                    const Mingce__V1__BatchExportResponse *head);
/* Adds payments in the order of their lines; parts that are whole wait beside their names. Returns CLI_OK, or the exit status after
 * saying why not. */
int batch_file_add(const struct cli *, struct batch_file *, Mingce__V1__BatchPayment *const *, size_t n);
/* Whether all payments of the batch were added, and come to its sum. */
bool batch_file_whole(const struct batch_file *);
/* Gives all parts of a file that is whole their names, in the place of what has them. Returns as batch_file_add(). */
int batch_file_end(const struct cli *, struct batch_file *);
/* Frees it. Where it did not end, what stood under the names of its parts is as it was, and nothing else is left. NULL: nothing. */
void batch_file_free(struct batch_file *);

#endif
