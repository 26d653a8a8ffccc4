/* SPDX-License-Identifier: Apache-2.0 */
/* Test vectors of other projects, which stand beside this one and are read in place. Where they are not, it is said, in the words that
 * tests/check.py looks for. */
#ifndef MINGCE_TESTS_VECTORS_H
#define MINGCE_TESTS_VECTORS_H

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder; NULL: it is not there, which has been said. */
static inline const char *vectors_folder(void)
{
    static char path[4096];
    const char *root = getenv("MINGCE_TEST_ROOT"), *set = getenv("MINGCE_VECTORS");
    if (set != NULL)
        snprintf(path, sizeof(path), "%s", set);
    else
        snprintf(path, sizeof(path), "%s/../shared/vectors", root == NULL ? "." : root);
    if (access(path, R_OK) == 0)
        return path;
    fprintf(stderr, "\nNOT RUN: others' test vectors: %s is not there (set MINGCE_VECTORS)\n\n", path);
    return NULL;
}

static inline struct json_object *vectors_file(const char *folder, const char *name)
{
    char path[8192];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return json_object_from_file(path);
}

static inline struct json_object *vectors_get(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;
    return json_object_object_get_ex(object, key, &value) ? value : NULL;
}

static inline const char *vectors_text(struct json_object *object, const char *key)
{
    struct json_object *value = vectors_get(object, key);
    return value == NULL ? NULL : json_object_get_string(value);
}

/* Hexadecimal digits to bytes; the number of bytes. */
static inline size_t vectors_hex(const char *text, unsigned char *bytes, size_t room)
{
    size_t n = 0;
    for (; n < room && text[2 * n] != '\0' && text[2 * n + 1] != '\0'; n++) {
        const char digits[] = {text[2 * n], text[2 * n + 1], '\0'};
        bytes[n] = (unsigned char) strtoul(digits, NULL, 16);
    }
    return n;
}

#endif
