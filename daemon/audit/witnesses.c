/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/audit/witnesses.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rules/mend.h"

enum { ID_BYTES = 9 /* '+' and eight digits */ };

/* The name becomes part of a metric's label and of a log line, which have quotes of their own. */
static bool name_plain(const char *name)
{
    return strpbrk(name, "\"\\") == NULL;
}

static const char *take(struct witnesses *witnesses, char *line)
{
    static const char blanks[] = " \t\r\n";
    char *at = NULL, canonical[NOTE_VKEY];
    const char *url = strtok_r(mend_line(line), blanks, &at), *vkey = strtok_r(NULL, blanks, &at);
    struct witness *fresh = &witnesses->each[witnesses->n];
    if (url != NULL && mend_is_utf16(url, strlen(url)))
        return MEND_UTF16;
    if (url == NULL || *url == '#')
        return NULL;
    if (witnesses->n == WITNESSES_MOST)
        return "more than 16 witnesses";
    if (strncmp(url, "http://", 7) != 0 || strlen(url) >= WITNESS_URL)
        return "a witness's address begins with http://";
    if (vkey == NULL || strtok_r(NULL, blanks, &at) != NULL || !note_key_parse(vkey, &fresh->key) ||
        fresh->key.type != NOTE_COSIGNATURE || !name_plain(fresh->key.name))
        return "behind a witness's address stands its key, as `mingce-witness serve` prints it";
    for (size_t i = 0; i < witnesses->n; i++)
        if (memcmp(witnesses->each[i].key.key, fresh->key.key, NOTE_KEY) == 0)
            return "a witness is there twice";
    memcpy(fresh->url, url, strlen(url) + 1);
    note_key_format(&fresh->key, canonical);
    memcpy(fresh->id, canonical, strlen(fresh->key.name) + ID_BYTES); /* the rest is zero */
    witnesses->n++;
    return NULL;
}

const char *witnesses_load(const char *path, struct witnesses *witnesses)
{
    char *line = NULL;
    size_t room = 0;
    const char *why = NULL;
    memset(witnesses, 0, sizeof(*witnesses));
    if (*path == '\0')
        return NULL;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return strerror(errno);
    while (why == NULL && getline(&line, &room, file) >= 0)
        why = take(witnesses, line);
    if (why == NULL && ferror(file))
        why = "it cannot be read";
    free(line);
    fclose(file);
    return why;
}
