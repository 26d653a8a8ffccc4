/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/command/hex.h"

#include <stdio.h>
#include <string.h>

bool hex_read(const char *text, uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    size_t done = 0;
    if (text == NULL)
        return false;
    for (; *text != '\0' && done < 2 * n; text++) {
        const char *digit = strchr(digits, *text);
        if (*text == '-')
            continue;
        if (digit == NULL)
            break;
        unsigned value = (unsigned) (digit - digits);
        value = value > 15 ? value - 6 : value;
        bytes[done / 2] = (uint8_t) (done % 2 == 0 ? value << 4 : bytes[done / 2] | value);
        done++;
    }
    return done == 2 * n && *text == '\0';
}

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
    text[0] = '\0';
    for (size_t i = 0; i < bytes.len && i < HEX_KEY_HASH; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes.data[i]);
}

void hex_cell(struct table *table, ProtobufCBinaryData bytes)
{
    char text[2 * HEX_KEY_HASH + 1];
    hex_format(bytes, text);
    table_text(table, text[0] == '\0' ? NULL : text);
}
