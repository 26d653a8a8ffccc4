/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Describes how a message is shown: its columns in their order, each with a field and the kind of its value. Lists (pages.h),
 * records and parts of an answer (part.h) are printed from such a description, for people and for programs.
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
    AS_YES,    /* 是 or 否 */
    AS_TIME,   /* milliseconds since 1970; the field's name is the key with `_ms` appended */
    AS_MONEY,  /* fen, shown to people as yuan */
    AS_MINUTE, /* a minute of the day, shown as 08:30 */
    AS_MARK,   /* tenths, shown as 80.5 */
    AS_CELL,   /* a text, which `cell` puts */
};

struct shown {
    const char *key;     /* in JSON */
    const char *zh, *en; /* the column's title */
    enum show_as as;
    const char
        *field; /* of the message, or as `stated.address` of one in it; NULL: it is called as the key */
    enum word_kind words;
    bool all; /* an absent value means all */
    /* Puts the cell, whatever the column shows `as`; NULL: the field's value does. */
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

/* Ends the program if a column's field does not exist in such messages or has another type: that is a defect, which is to be found even
 * if there is no message to show. */
void show_check(const struct show *, const ProtobufCMessageDescriptor *);
/* Fills in the columns of a table; `columns` has room for SHOW_MOST. Numbers are aligned to the right. */
enum { SHOW_MOST = 24 };
void show_columns(const struct show *, struct table_column *columns);
struct table *show_table(const struct cli *, const struct show *);
/* Puts the cells of a message, without ending the row. An absent value makes an empty cell. */
void show_cells(struct table *, const struct cli *, const struct show *, const ProtobufCMessage *);
/* Prints one message, with a line for each column. */
void show_record(const struct cli *, const struct show *, const ProtobufCMessage *);
/* Calls a write, prints what it has done and shows its answer. Returns the exit status. */
int show_write(struct cli *, const char *method, const ProtobufCMessage *request, const struct show *);

#endif
