/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proto/rules/mend.h"

bool ask_line(const struct cli *cli, const char *zh, const char *en, char line[ASK_LINE])
{
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "%s: ", cli_say(cli, zh, en));
    if (fgets(line, ASK_LINE, stdin) == NULL) {
        cli_fail(cli, CLI_USAGE, "标准输入中缺少一行", "standard input lacks a line", cli_say(cli, zh, en));
        return false;
    }
    size_t n = strlen(line);
    if (mend_is_utf16(line, n))
        return cli_fail_utf16(cli, cli_say(cli, "标准输入", "standard input")) == CLI_OK;
    if (n == ASK_LINE - 1 && line[n - 1] != '\n') {
        cli_fail(cli, CLI_USAGE, "标准输入中的一行过长", "a line of standard input is too long",
                 cli_say(cli, zh, en));
        return false;
    }
    const char *text = mend_line(line);
    memmove(line, text, strlen(text) + 1);
    return true;
}

bool ask_document(const struct cli *cli, const char *zh, const char *en, struct ask_document *document)
{
    mingce__v1__document_key__init(&document->message);
    document->message.document_number = document->number;
    document->message.document_type = document->type;
    document->message.issuing_country = document->country;
    return ask_line(cli, zh, en, document->number);
}

bool ask_document_given(const struct cli *cli, struct given *given, const char *zh, const char *en,
                        struct ask_document *document)
{
    document->type = given_text(given, "type");
    document->country = given_text(given, "country");
    return ask_document(cli, zh, en, document);
}

bool ask_person(const struct cli *cli, struct given *given, struct ask_person *named)
{
    mingce__v1__person_key__init(&named->message);
    if (!given_has(given, "id")) {
        named->message.document = &named->document.message;
        return ask_document_given(cli, given, "证件号码", "document number", &named->document);
    }
    named->message.has_person_id = true;
    named->message.person_id = given_id(given, "id");
    return true;
}

void ask_reason(struct given *given, Mingce__V1__Reason *reason)
{
    mingce__v1__reason__init(reason);
    reason->purpose = (Mingce__V1__Purpose) given_word(given, "purpose");
    reason->case_reference = given_text(given, "case");
}
