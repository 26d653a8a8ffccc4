/* SPDX-License-Identifier: Apache-2.0 */
/* What every command of `mingce` gets: who calls, in which language, table or JSON. */
#ifndef MINGCE_CLI_CLI_H
#define MINGCE_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/libmingce/mingce.h"

/* The exit status. */
enum {
    CLI_OK,
    CLI_ROWS_REFUSED, /* done, but some rows were refused */
    CLI_USAGE,
    CLI_REFUSED,     /* the server refused */
    CLI_UNREACHABLE, /* no server, or no answer: try again */
    CLI_FILE,        /* a file cannot be read or written */
};

struct command;

struct cli {
    const char *profile;
    const struct command *command; /* what runs */
    bool json;
    bool zh;            /* Chinese, by locale */
    const char *output; /* of a list: the file that it is written to; NULL: the terminal */
    struct mingce *server;
};

/* The sentence in the language of the locale. */
static inline const char *cli_say(const struct cli *cli, const char *zh, const char *en)
{
    return cli->zh ? zh : en;
}

/* The end of an English noun that is counted: "1 row", "2 rows". */
static inline const char *cli_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "mingce: " and a sentence on stderr. Returns `status`. */
int cli_fail(const struct cli *, int status, const char *zh, const char *en, const char *detail);
/* Of a text that is in UTF-16 (proto/mend.h), as Notepad's "Unicode". Returns CLI_FILE. */
int cli_fail_utf16(const struct cli *, const char *path);
/* The command's usage on stderr. Returns CLI_USAGE. */
int cli_usage(const struct cli *);
/* What the library says, on stderr. Returns the exit status it means. */
int cli_fail_call(const struct cli *, const struct mingce_error *);
/* Opens the profile's server, unless it is open. CLI_OK, or the exit status after saying why. */
int cli_connect(struct cli *);
/* One call on it. NULL: it has been said why, and `*status` is the exit status. */
ProtobufCMessage *cli_call(const struct cli *, const char *method, const ProtobufCMessage *request,
                           int *status);

/* The same, connecting first. */
ProtobufCMessage *cli_answer(struct cli *, const char *method, const ProtobufCMessage *request, int *status);

/* A write whose answer has nothing to show: says what is so now (client/cli/done.h). Returns the exit status. */
int cli_write(struct cli *, const char *method, const ProtobufCMessage *request);
/* A copy that fits `size`, for a request's field: what is longer than any server takes is cut short. NULL stays NULL. */
char *cli_copy(char *to, size_t size, const char *from);

/* An option of a command: `--name VALUE` into `*value`, or `--name` into `*flag`. */
struct cli_option {
    const char *name;
    const char **value;
    bool *flag;
};
/* Reads the options, anywhere among the words, `--profile` and `--json` too, of a list (which has `--limit`) `--output`, too, and `-o`
 * for that; argv[0] is skipped. Exactly `words_n` other words are expected. False: the usage has been printed. */
bool cli_options(struct cli *, int argc, char **argv, const struct cli_option *, size_t n, const char **words,
                 size_t words_n);
/* The first `n` options have their values. False: it has been said which one is missing. */
bool cli_required(const struct cli *, const struct cli_option *, size_t n);
/* A decimal number in bounds. False: it has been said what is wrong with the option. */
bool cli_number(const struct cli *, const char *option, const char *text, uint64_t least, uint64_t most,
                uint64_t *number);
/* True: `rejects` (NULL: none) is the file at `path`, whose place it must not take; that has been said. */
bool cli_same_file(const struct cli *, const char *path, const char *rejects);
/* Nothing but blanks, of a file that is empty. */
bool cli_blank(const char *text, size_t n);
/* The option's day, YYYY-MM-DD, Asia/Shanghai. False as above. */
bool cli_day(const struct cli *, const char *option, const char *text, int32_t *day);

/* After a second, on a terminal: how far it is, on one line. `done` == `total` clears it. */
struct cli_progress {
    int64_t began_ms, shown_ms;
};
void cli_progress(const struct cli *, struct cli_progress *, size_t done, size_t total);
/* Monotonic milliseconds. */
int64_t cli_now_ms(void);
/* "2026-03-01 09:30:00", Asia/Shanghai, of milliseconds since 1970. */
enum { CLI_TIME = 24 };
void cli_time(int64_t ms, char text[CLI_TIME]);

/* The commands; argv[0] is the last word of the command's name. */
int whoami(struct cli *, int argc, char **argv);
int organisation_list(struct cli *, int argc, char **argv);
int organisation_show(struct cli *, int argc, char **argv);
int organisation_register(struct cli *, int argc, char **argv);
int organisation_amend(struct cli *, int argc, char **argv);
int organisation_suspend(struct cli *, int argc, char **argv);
int organisation_reactivate(struct cli *, int argc, char **argv);
int organisation_close(struct cli *, int argc, char **argv);
int scope_add(struct cli *, int argc, char **argv);
int scope_end(struct cli *, int argc, char **argv);
int operator_list(struct cli *, int argc, char **argv);
int operator_show(struct cli *, int argc, char **argv);
int operator_add(struct cli *, int argc, char **argv);
int operator_bind(struct cli *, int argc, char **argv);
int operator_unbind(struct cli *, int argc, char **argv);
int operator_roles(struct cli *, int argc, char **argv);
int operator_suspend(struct cli *, int argc, char **argv);
int operator_activate(struct cli *, int argc, char **argv);
int operator_revoke(struct cli *, int argc, char **argv);
int change_list(struct cli *, int argc, char **argv);
int change_confirm(struct cli *, int argc, char **argv);
int change_reject(struct cli *, int argc, char **argv);
int class_open(struct cli *, int argc, char **argv);
int class_amend(struct cli *, int argc, char **argv);
int class_start(struct cli *, int argc, char **argv);
int class_complete(struct cli *, int argc, char **argv);
int class_cancel(struct cli *, int argc, char **argv);
int code_list(struct cli *, int argc, char **argv);
int template_write(struct cli *, int argc, char **argv);
int roster_remove(struct cli *, int argc, char **argv);
int roster_restore(struct cli *, int argc, char **argv);
int lesson_import(struct cli *, int argc, char **argv);
int lesson_list(struct cli *, int argc, char **argv);
int lesson_remove(struct cli *, int argc, char **argv);
int attendance_import(struct cli *, int argc, char **argv);
int marks_import(struct cli *, int argc, char **argv);
int training_list(struct cli *, int argc, char **argv);
int class_list(struct cli *, int argc, char **argv);
int standard_load(struct cli *, int argc, char **argv);
int standard_list(struct cli *, int argc, char **argv);
int standard_decide(struct cli *, int argc, char **argv);
int policy_propose(struct cli *, int argc, char **argv);
int policy_list(struct cli *, int argc, char **argv);
int policy_decide(struct cli *, int argc, char **argv);
int policy_replay(struct cli *, int argc, char **argv);
int calendar_load(struct cli *, int argc, char **argv);
int calendar_decide(struct cli *, int argc, char **argv);
int calendar_list(struct cli *, int argc, char **argv);
int class_show(struct cli *, int argc, char **argv);
int roster_check_file(struct cli *, int argc, char **argv);
int roster_import(struct cli *, int argc, char **argv);
int roster_list(struct cli *, int argc, char **argv);
int person_find(struct cli *, int argc, char **argv);
int person_search(struct cli *, int argc, char **argv);
int person_show(struct cli *, int argc, char **argv);
int person_reveal(struct cli *, int argc, char **argv);
int person_amend(struct cli *, int argc, char **argv);
int person_merge(struct cli *, int argc, char **argv);
int person_erase(struct cli *, int argc, char **argv);
int person_access_log(struct cli *, int argc, char **argv);
int group_add(struct cli *, int argc, char **argv);
int group_end(struct cli *, int argc, char **argv);
int conflict_list(struct cli *, int argc, char **argv);
int conflict_resolve(struct cli *, int argc, char **argv);
int certificate_import(struct cli *, int argc, char **argv);
int certificate_amend(struct cli *, int argc, char **argv);
int certificate_list(struct cli *, int argc, char **argv);
int certificate_revoke(struct cli *, int argc, char **argv);
int certificate_reinstate(struct cli *, int argc, char **argv);
int certificate_verify(struct cli *, int argc, char **argv);
int certificate_export(struct cli *, int argc, char **argv);
int certificate_check(struct cli *, int argc, char **argv);
int claim_submit(struct cli *, int argc, char **argv);
int claim_list(struct cli *, int argc, char **argv);
int claim_queue(struct cli *, int argc, char **argv);
int claim_public(struct cli *, int argc, char **argv);
int claim_show(struct cli *, int argc, char **argv);
int claim_step(struct cli *, int argc, char **argv);
int claim_decide(struct cli *, int argc, char **argv);
int fact_ask(struct cli *, int argc, char **argv);
int fact_list(struct cli *, int argc, char **argv);
int fact_answer(struct cli *, int argc, char **argv);
int access_list(struct cli *, int argc, char **argv);
int roster_export(struct cli *, int argc, char **argv);
int audit_checkpoint(struct cli *, int argc, char **argv);
int audit_verify(struct cli *, int argc, char **argv);
int audit_export(struct cli *, int argc, char **argv);
int audit_prove(struct cli *, int argc, char **argv);
int audit_check(struct cli *, int argc, char **argv);
int claim_dossier(struct cli *, int argc, char **argv);
int audit_person(struct cli *, int argc, char **argv);
int audit_show(struct cli *, int argc, char **argv);
int audit_rows(struct cli *, int argc, char **argv);
int audit_receipt(struct cli *, int argc, char **argv);
int audit_log(struct cli *, int argc, char **argv);
int witness_create_key(struct cli *, int argc, char **argv);
int witness_add_log(struct cli *, int argc, char **argv);
int witness_run(struct cli *, int argc, char **argv);

#endif
