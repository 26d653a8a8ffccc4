/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/hex.h"

bool hex_parse(const struct cli *cli, const char *option, const char *text, uint8_t *bytes, size_t n)
{
    if (hex_read(text, bytes, n))
        return true;
    cli_fail(cli, CLI_USAGE, n == HEX_ID ? "编号应为32个十六进制数字" : "公钥摘要应为64个十六进制数字",
             n == HEX_ID ? "an id has 32 hexadecimal digits" : "a key hash has 64 hexadecimal digits",
             option);
    return false;
}

void hex_format(ProtobufCBinaryData bytes, char text[2 * HEX_KEY_HASH + 1])
{
    hex_write(bytes.data, bytes.len < HEX_KEY_HASH ? bytes.len : HEX_KEY_HASH, text);
}

void hex_cell(struct table *table, ProtobufCBinaryData bytes)
{
    char text[2 * HEX_KEY_HASH + 1];
    hex_format(bytes, text);
    table_text(table, text[0] == '\0' ? NULL : text);
}
