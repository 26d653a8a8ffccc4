/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a file as messages of a method: each is read into one, and the answer to it becomes its judgement. Of every such method
 * the request has a list `row` of messages that have their number in `row`, and the answer a list `result`.
 */
#ifndef MINGCE_CLI_ROWS_H
#define MINGCE_CLI_ROWS_H

#include "client/cli/command/hex.h"
#include "client/cli/command/judgement.h"
#include "client/cli/command/said.h"
#include "client/cli/sheet/form.h"
#include "proto/rules/day.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/reason.h"

/* Data row `i`, from 0, as it is read. */
struct row {
    const struct form_file *file;
    size_t i;
    void *message; /* a row of the request, initialised, with its number set */
    void *text;    /* bytes of its own that the message may point to, zeroed */
    struct judgement *judgement;
};

/* How the rows of a form become messages. */
struct row_form {
    const struct form *form;
    size_t text; /* bytes of `text` */
    /* Fills in the message and notes cells that cannot be read. False: out of memory. */
    bool (*read)(void *context, struct row *);
    const char *says[SAID_FIELDS]; /* fields that later rows of the file must not contradict (said.h) */
};

/* Places for `n` rows of one type. */
struct row_places {
    const ProtobufCMessageDescriptor *type;
    uint8_t *messages, *texts;
    size_t text, n;
};
/* `request` is the message that has the list. False: out of memory; row_places_free() is to be called all the same. */
bool row_places_make(struct row_places *, const ProtobufCMessageDescriptor *request, const char *list,
                     size_t text, size_t n);
void row_places_free(struct row_places *);
/* Reads data row `i` into a place. False: out of memory. */
bool row_read(const struct row_form *, void *context, const struct form_file *, size_t i, struct judgement *,
              const struct row_places *, size_t place);
ProtobufCMessage *row_message(const struct row_places *, size_t place);

/* For `read`: refuses the row because of a field. False: out of memory. */
bool rows_refuse(struct judgement *, enum reason, const char *field);

/* Reads a whole number up to `most` (at most a tenth of INT32_MAX), written as 3, or as 3.00 as spreadsheets may show it. -1: it is
 * none. */
int rows_number(const char *cell, int most);

/* For `read`: read a cell as an id, or as a whole number up to `most`. A cell that cannot be read is noted. False: out of memory. */
bool rows_id(const struct form_file *, size_t i, int field, uint8_t id[HEX_ID], struct judgement *);
bool rows_whole(const struct form_file *, size_t i, int field, int most, uint32_t *number,
                struct judgement *);

/* Writes the day of a cell into `text` as the protocol has it, and points `*to` there; to NULL if the cell is blank and may be. */
bool row_day(const struct row *, int field, bool needed, char text[DAY_TEXT], char **to);

/* Copies an answer's list of results into the judgements of their rows, which then point into the answer. False: out of memory. */
bool rows_take(struct judgements *, const ProtobufCMessage *answer, const char *list);

#endif
