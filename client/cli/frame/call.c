/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/call.h"

#include <stdio.h>

#include "client/cli/frame/done.h"
#include "client/cli/frame/field.h"
#include "client/cli/frame/method.h"
#include "client/cli/frame/profile.h"
#include "client/cli/frame/receipts.h"
#include "proto/wire.pb-c.h"

int cli_fail_call(const struct cli *cli, const struct mingce_error *error)
{
    char detail[640], fields[256];
    field_list(cli, error->field, fields, sizeof(fields));
    snprintf(detail, sizeof(detail), "%s%s%s%s%s", error->reason, fields[0] == '\0' ? "" : ", ", fields,
             error->detail[0] == '\0' ? "" : ", ", error->detail);
    int status = CLI_REFUSED;
    if (error->status == MINGCE_LOCAL)
        status = CLI_FILE;
    else if (error->status == MINGCE_UNREACHABLE || error->code == MINGCE__V1__CODE__CODE_UNAVAILABLE ||
             error->code == MINGCE__V1__CODE__CODE_DEADLINE)
        status = CLI_UNREACHABLE;
    return cli_fail(cli, status, error->zh, error->en, detail);
}

int cli_connect(struct cli *cli)
{
    struct profile profile;
    struct mingce_error error;
    if (cli->server != NULL)
        return CLI_OK;
    int status = profile_read(cli, &profile);
    if (status != CLI_OK)
        return status;
    cli->server = mingce_open(&profile.options, &error);
    profile_free(&profile);
    return cli->server == NULL ? cli_fail_call(cli, &error) : CLI_OK;
}

ProtobufCMessage *cli_call(const struct cli *cli, const char *name, const ProtobufCMessage *request,
                           int *status)
{
    const struct method *method = method_declared(name);
    struct mingce_error error;
    uint8_t request_id[MINGCE_REQUEST_ID];
    if (method->writes)
        mingce_request_id(request_id);
    ProtobufCMessage *answer =
        mingce_call(cli->server, name, request, method->writes ? request_id : NULL, method->response, &error);
    *status = answer == NULL ? cli_fail_call(cli, &error) : CLI_OK;
    if (answer != NULL && method->writes)
        receipt_keep(cli, request_id, name);
    return answer;
}

ProtobufCMessage *cli_answer(struct cli *cli, const char *method, const ProtobufCMessage *request,
                             int *status)
{
    *status = cli_connect(cli);
    return *status == CLI_OK ? cli_call(cli, method, request, status) : NULL;
}

int cli_write(struct cli *cli, const char *method, const ProtobufCMessage *request)
{
    int status;
    ProtobufCMessage *answer = cli_answer(cli, method, request, &status);
    if (answer == NULL)
        return status;
    protobuf_c_message_free_unpacked(answer, NULL);
    done_print(cli, method);
    return CLI_OK;
}
