/* SPDX-License-Identifier: Apache-2.0 */
/* Options and arguments of commands, as rows of tables: name, kind of value, needed or not, default, what it is. */
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
    VALUE_FILE,      /* that is read */
    VALUE_NEW_FILE,  /* that is written: none of those that are read */
    VALUE_LIST_FILE, /* that a list is written to: cli->output */
    VALUE_DIRECTORY,
};

/* What is DEMANDED the server refuses to do without, and it says why in its own words: a step of a claim says what the reason is
 * for. Of those that are EITHER exactly one is given. */
enum option_need { OPTIONAL, NEEDED, DEMANDED, EITHER };

struct choice {
    const char *word, *zh;
};

struct cli_option {
    const char *name; /* "class"; of an argument in capitals, as usages call it: "CLAIM" */
    enum value_kind kind;
    enum option_need need;
    const char *value; /* how usages call the value; NULL: as its kind has it */
    uint64_t least, most;
    int table;
    bool (*choice)(size_t i, struct choice *); /* false: there is no such one */
    const char *list;      /* the table of `mingce code list` that has the words; NULL: none */
    const char *otherwise; /* the default; NULL: none */
    const char *with;      /* another option without which it means nothing; NULL: it stands alone */
    const char *zh, *en;   /* what it is */
};

/* How many rows a table has, whose last has no name; NULL: none. */
size_t option_count(const struct cli_option *);
enum { OPTION_LABEL = 64 };
/* "--class", or "CLAIM". */
void option_label(const struct cli_option *, char label[OPTION_LABEL]);
/* How usages call its value: "NUMBER". */
const char *option_value(const struct cli_option *);
/* The stable name of its kind, for who reads the table from outside. */
const char *option_kind(const struct cli_option *);
/* The word `i`, from 0, of those that an option may have; false: there are no more, or it is not of words. */
bool option_word(const struct cli_option *, size_t i, struct choice *);

enum { VALUE_WORDS_MOST = 16, VALUE_CODE_TEXT = 64 };
struct value {
    char *text; /* as it was typed; NULL: it was not given */
    union {
        uint64_t number;
        int64_t fen;
        int32_t day;
        int word;
        uint8_t bytes[HEX_KEY_HASH];
        char code[VALUE_CODE_TEXT]; /* of an occupation, which may be said by its name */
        struct {
            uint8_t numbers[VALUE_WORDS_MOST];
            size_t n;
        } words;
    };
};
/* What a text says as the option's value, into all but `text`. False: it has been said what is wrong. */
bool value_read(const struct cli *, const struct cli_option *, const char *text, struct value *);

#endif
