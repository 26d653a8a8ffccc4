/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a message is shown: its columns, each a field and what that is, in the order in which people and programs get them. Lists
 * (pages.h), records and parts of an answer (part.h) are printed from such a description.
 */
#ifndef MINGCE_CLI_SHOW_H
#define MINGCE_CLI_SHOW_H

#include <protobuf-c/protobuf-c.h>

#include "client/cli/command/words.h"

enum show_as {
    AS_TEXT,
    AS_NUMBER,
    AS_ID,     /* bytes as hexadecimal digits */
    AS_WORD,   /* of `words` */
    AS_TIME,   /* milliseconds since 1970; the field is called as the key with `_ms` behind it */
    AS_MONEY,  /* fen; yuan for people */
    AS_MINUTE, /* of the day: 08:30 */
    AS_MARK,   /* tenths: 80.5 */
    AS_CELL,   /* as `cell` puts it */
};

struct shown {
    const char *key;     /* in JSON */
    const char *zh, *en; /* the column's title */
    enum show_as as;
    const char *field; /* of the message, or as `stated.address` of one in it; NULL: called as the key */
    enum word_kind words;
    bool all; /* where it is not there, all are meant */
    void (*cell)(struct table *, const struct cli *, const ProtobufCMessage *);
};

/* How the rows of a table are shown. */
struct show {
    const struct shown *columns;
    size_t n;
};
#define SHOW(columns)                                                                                        \
    {                                                                                                        \
        columns, sizeof(columns) / sizeof(*(columns))                                                        \
    }

/* A column whose field no such message has, or has as another type, is a defect of the program, and ends it, also where there is no
 * message to show. */
void show_check(const struct show *, const ProtobufCMessageDescriptor *);
/* The columns of a table: `columns` has room for SHOW_MOST. A number stands at the right. */
enum { SHOW_MOST = 24 };
void show_columns(const struct show *, struct table_column *columns);
struct table *show_table(const struct cli *, const struct show *);
/* The cells of a message, which do not end the row. What is not there is an empty cell. */
void show_cells(struct table *, const struct cli *, const struct show *, const ProtobufCMessage *);
/* A message alone, a line for each column. */
void show_record(const struct cli *, const struct show *, const ProtobufCMessage *);
/* A write whose answer has something to show: says what is so now, and shows it. Returns the exit status. */
int show_write(struct cli *, const char *method, const ProtobufCMessage *request, const struct show *);

#endif
