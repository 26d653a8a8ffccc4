/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out whether a workbook that was just written has all of its parts. */
#ifndef MINGCE_CLI_XLSX_WHOLE_H
#define MINGCE_CLI_XLSX_WHOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the bytes are a ZIP archive whose parts are all whole XML documents. */
bool xlsx_whole(const uint8_t *bytes, size_t n);

#endif
