/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "client/libmingce/internal.h"

static const struct local_text {
    enum mingce_status status;
    bool passes;
    const char *reason, *zh, *en;
} texts[] = {
    [LOCAL_MEMORY] = {MINGCE_LOCAL, false, "memory", "内存不足", "out of memory"},
    [LOCAL_ADDRESS] = {MINGCE_LOCAL, false, "server-address", "服务端地址应写成 主机:端口，请核对",
                       "the server's address is written host:port: check it"},
    [LOCAL_AUTHORITY] = {MINGCE_LOCAL, false, "authority-file", "无法读取签发机构证书文件，请核对路径",
                         "the authority's certificate file cannot be read: check the path"},
    [LOCAL_CERTIFICATE] = {MINGCE_LOCAL, false, "certificate-file", "无法读取操作员证书文件，请核对路径",
                           "the operator's certificate file cannot be read: check the path"},
    [LOCAL_KEY] = {MINGCE_LOCAL, false, "key-file", "无法读取私钥文件，或私钥与证书不符，请核对",
                   "the key file cannot be read, or the key is not the certificate's: check it"},
    [LOCAL_REQUEST_TOO_LONG] = {MINGCE_LOCAL, false, "request-too-long",
                                "请求超过服务端的长度上限，请分批提交",
                                "the request is longer than the server accepts: send it in parts"},
    [LOCAL_CONNECT] = {MINGCE_UNREACHABLE, true, "unreachable", "连接不上服务端，请检查网络和服务端地址",
                       "the server cannot be reached: check the network and the server's address"},
    [LOCAL_SERVER_NAME] =
        {MINGCE_UNREACHABLE, false, "server-not-trusted", "服务端证书不可信，请核对签发机构证书和服务端名称",
         "the server's certificate is not to be trusted: check the authority and the server's name"},
    [LOCAL_CERTIFICATE_REFUSED] =
        {MINGCE_REFUSED, false, "certificate-refused",
         "服务端不接受此操作员证书（未提供、已过期或签发机构不符），请联系管理员",
         "the server does not accept the operator's certificate (none, expired, or of another "
         "authority): ask the administrator"},
    [LOCAL_PROTOCOL] = {MINGCE_UNREACHABLE, false, "protocol", "对方不是名册服务端，或版本不符，请核对地址",
                        "the other side is no mingced, or of another version: check the address"},
    [LOCAL_LOST] = {MINGCE_UNREACHABLE, true, "connection-lost", "与服务端的连接中断，请重试",
                    "the connection to the server was lost: try again"},
    [LOCAL_NO_ANSWER] = {MINGCE_UNREACHABLE, true, "no-answer", "服务端没有按时答复，请重试",
                         "the server has not answered in time: try again"},
};

bool error_local(struct mingce_error *error, enum local_reason reason, const char *detail)
{
    const struct local_text *text = &texts[reason];
    *error = (struct mingce_error){.status = text->status};
    snprintf(error->reason, sizeof(error->reason), "%s", text->reason);
    snprintf(error->zh, sizeof(error->zh), "%s", text->zh);
    snprintf(error->en, sizeof(error->en), "%s", text->en);
    snprintf(error->detail, sizeof(error->detail), "%s", detail == NULL ? "" : detail);
    return false;
}

void error_server(struct mingce_error *error, const Mingce__V1__Error *said)
{
    *error = (struct mingce_error){.status = MINGCE_REFUSED, .code = (int) said->code};
    snprintf(error->reason, sizeof(error->reason), "%s", said->reason);
    snprintf(error->zh, sizeof(error->zh), "%s", said->zh);
    snprintf(error->en, sizeof(error->en), "%s", said->en);
    for (size_t i = 0; i < said->n_finding; i++) {
        size_t n = strlen(error->field);
        if (said->finding[i]->field != NULL)
            snprintf(error->field + n, sizeof(error->field) - n, "%s%s", n > 0 ? ", " : "",
                     said->finding[i]->field);
    }
}

bool error_passes(const struct mingce_error *error)
{
    if (error->status == MINGCE_REFUSED)
        return error->code == MINGCE__V1__CODE__CODE_UNAVAILABLE ||
               error->code == MINGCE__V1__CODE__CODE_EXHAUSTED ||
               error->code == MINGCE__V1__CODE__CODE_DEADLINE;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (strcmp(texts[i].reason, error->reason) == 0)
            return texts[i].passes;
    return false;
}
