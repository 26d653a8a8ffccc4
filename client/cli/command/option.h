/* SPDX-License-Identifier: Apache-2.0 */
/* The options and arguments of commands are rows of tables: name, kind of value, whether it is needed, default, description. */
#ifndef MINGCE_CLI_OPTION_H
#define MINGCE_CLI_OPTION_H

#include "client/cli/command/hex.h"
#include "client/cli/command/words.h"

enum value_kind {
    VALUE_FLAG, /* an option without a value */
    VALUE_TEXT,
    VALUE_NUMBER, /* from `least` to `most` */
    VALUE_DAY,
    VALUE_YUAN,
    VALUE_WORD,   /* one of `table`, an enum word_kind, from the number `least` to `most` (0: to the last) */
    VALUE_WORDS,  /* several, with commas between them */
    VALUE_CODE,   /* a name or a number of `table`, an enum code_table */
    VALUE_CHOICE, /* a word of `choice` */
    VALUE_OCCUPATION,
    VALUE_ID,
    VALUE_IDS, /* several, with commas between them */
    VALUE_KEY_HASH,
    VALUE_FILE,     /* a file that is read */
    VALUE_NEW_FILE, /* a file that is written; it must not be one that is read */
    VALUE_LIST_FILE, /* a file of cells that the command writes: cli->output; with a default there is one in any case */
    VALUE_DIRECTORY,
};

/* An option that is DEMANDED is left for the server to demand, whose refusal says more, such as what the reason of a claim's step is for.
 * Exactly one of the options that are EITHER is to be given. */
enum option_need { OPTIONAL, NEEDED, DEMANDED, EITHER };

struct choice {
    const char *word, *zh;
};

struct cli_option {
    const char *name; /* "class"; an argument's name is in capitals, as in usages: "CLAIM" */
    enum value_kind kind;
    enum option_need need;
    const char *value; /* the value's name in usages; NULL: the usual one for its kind */
    uint64_t least, most;
    int table;
    bool (*choice)(size_t i, struct choice *); /* false: there are no more */
    const char *list;      /* the table of `mingce code list` that has the words; NULL: none */
    const char *otherwise; /* the default; NULL: none */
    const char *with;      /* another option that must be given with it; NULL: none */
    const char *zh, *en;   /* description */
};

/* Counts the rows of a table, whose last has no name; NULL is an empty table. */
size_t option_count(const struct cli_option *);
enum { OPTION_LABEL = 64 };
/* "--class", or "CLAIM". */
void option_label(const struct cli_option *, char label[OPTION_LABEL]);
/* The value's name in usages: "NUMBER". */
const char *option_value(const struct cli_option *);
/* The stable name of its kind, for programs that read the table. */
const char *option_kind(const struct cli_option *);
/* Finds word `i`, from 0, of those that an option accepts. False: there are no more, or its values are no words. */
bool option_word(const struct cli_option *, size_t i, struct choice *);

enum {
    VALUE_WORDS_MOST = 16,
    VALUE_CODE_TEXT = 64,
    VALUE_PART_TEXT = 64 /* bytes of one of several words or ids */
};
struct value {
    char *text; /* as it was typed; NULL: it was not given */
    union {
        uint64_t number;
        int64_t fen;
        int32_t day;
        int word;
        uint8_t bytes[HEX_KEY_HASH];
        char code[VALUE_CODE_TEXT]; /* of an occupation, which may have been given by name */
        struct {
            uint8_t numbers[VALUE_WORDS_MOST];
            size_t n;
        } words;
    };
};
/* Reads a text as the option's value, and fills in all but `text`. False: what is wrong has been printed. */
bool value_read(const struct cli *, const struct cli_option *, const char *text, struct value *);

#endif
