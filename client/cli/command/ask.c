/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/ask.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/command/command.h"
#include "client/cli/command/words.h"
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
    document->message.document_type =
        cli_copy(document->type_text, sizeof(document->type_text), document->type);
    document->message.issuing_country =
        cli_copy(document->country_text, sizeof(document->country_text), document->country);
    return ask_line(cli, zh, en, document->number);
}

bool ask_person(const struct cli *cli, struct ask_person *named)
{
    mingce__v1__person_key__init(&named->message);
    if (named->id == NULL) {
        named->message.document = &named->document.message;
        return ask_document(cli, "证件号码", "document number", &named->document);
    }
    named->message.has_person_id = true;
    named->message.person_id = (ProtobufCBinaryData){HEX_ID, named->bytes};
    return hex_parse(cli, "--id", named->id, named->bytes, HEX_ID);
}

bool ask_reason(const struct cli *cli, struct ask_reason *reason)
{
    const struct cli_option needed[] = {{"purpose", &reason->purpose, NULL},
                                        {"case", &reason->reference, NULL}};
    if (!cli_required(cli, needed, 2))
        return false;
    mingce__v1__reason__init(&reason->message);
    int number = word_option(cli, "--purpose", WORD_PURPOSE, 1, 0, reason->purpose);
    if (number == 0)
        return false;
    reason->message.purpose = (Mingce__V1__Purpose) number;
    reason->message.case_reference =
        cli_copy(reason->reference_text, sizeof(reason->reference_text), reason->reference);
    return true;
}
