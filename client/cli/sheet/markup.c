/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/sheet/markup.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEPARATOR = '\n' /* between a namespace and a name */ };

struct markup {
    XML_Parser parser;
    struct markup_words words;
    struct markup_handlers handlers;
    void *context;
    int path[MARKUP_DEPTH + 1];
    int depth;
    enum markup_wrong wrong;
};

/* ---- memory ---- */

/* The parser's allocations are counted together; it hands its allocator no context. */
struct counted {
    size_t n;
    max_align_t bytes[];
};
static _Thread_local size_t in_use;

static void *counted_realloc(void *bytes, size_t n)
{
    struct counted *old =
        bytes == NULL ? NULL : (struct counted *) (void *) ((char *) bytes - offsetof(struct counted, bytes));
    size_t before = old == NULL ? 0 : old->n;
    if (n > MARKUP_MEMORY || in_use - before > MARKUP_MEMORY - n)
        return NULL;
    struct counted *block = realloc(old, offsetof(struct counted, bytes) + n);
    if (block == NULL)
        return NULL;
    in_use = in_use - before + n;
    block->n = n;
    return block->bytes; /* cppcheck-suppress memleak ; counted_free() finds the block */
}

static void *counted_malloc(size_t n)
{
    return counted_realloc(NULL, n);
}

static void counted_free(void *bytes)
{
    if (bytes == NULL)
        return;
    struct counted *block = (struct counted *) (void *) ((char *) bytes - offsetof(struct counted, bytes));
    in_use -= block->n;
    free(block);
}

/* ---- elements ---- */

static void wrong(struct markup *markup, enum markup_wrong what)
{
    if (markup->wrong != MARKUP_GOOD)
        return;
    markup->wrong = what;
    XML_StopParser(markup->parser, XML_FALSE);
}

void markup_stop(struct markup *markup)
{
    wrong(markup, MARKUP_STOPPED);
}

/* The number of an element whose name has its namespace before it. */
static int word_of(const struct markup_words *words, const char *name)
{
    const char *local = strrchr(name, SEPARATOR);
    size_t space = local == NULL ? 0 : (size_t) (local - name);
    bool ours = false;
    for (size_t i = 0; local != NULL && words->spaces[i] != NULL; i++)
        ours = ours || (strlen(words->spaces[i]) == space && memcmp(words->spaces[i], name, space) == 0);
    for (int i = 0; ours && i < words->names_n; i++)
        if (strcmp(words->names[i], local + 1) == 0)
            return i + 1;
    return 0;
}

static void on_open(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct markup *markup = context;
    if (markup->wrong != MARKUP_GOOD)
        return;
    if (markup->depth == MARKUP_DEPTH) {
        wrong(markup, MARKUP_DEEP);
        return;
    }
    markup->path[++markup->depth] = word_of(&markup->words, name);
    if (markup->handlers.open != NULL)
        markup->handlers.open(markup->context, markup, markup->depth, attributes);
}

static void on_close(void *context, const XML_Char *name)
{
    struct markup *markup = context;
    (void) name;
    if (markup->wrong != MARKUP_GOOD)
        return;
    if (markup->handlers.close != NULL)
        markup->handlers.close(markup->context, markup, markup->depth);
    markup->depth--;
}

static void on_text(void *context, const XML_Char *bytes, int n)
{
    struct markup *markup = context;
    if (markup->wrong == MARKUP_GOOD && markup->handlers.text != NULL)
        markup->handlers.text(markup->context, markup, markup->depth, bytes, (size_t) n);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                       int internal)
{
    (void) name, (void) system, (void) public, (void) internal;
    wrong(context, MARKUP_DOCTYPE);
}

struct markup *markup_new(const struct markup_words *words, const struct markup_handlers *handlers,
                          void *context)
{
    static const XML_Memory_Handling_Suite counted = {counted_malloc, counted_realloc, counted_free};
    static const XML_Char separator[] = {SEPARATOR, '\0'};
    unsigned long salt; /* of its tables; the parser would draw one itself, and abort when there is none */
    struct markup *markup = calloc(1, sizeof(*markup));
    if (markup == NULL || getentropy(&salt, sizeof(salt)) != 0) {
        free(markup);
        return NULL;
    }
    *markup = (struct markup){.words = *words, .handlers = *handlers, .context = context};
    markup->parser = XML_ParserCreate_MM(NULL, &counted, separator);
    if (markup->parser == NULL) {
        free(markup);
        return NULL;
    }
    XML_SetHashSalt(markup->parser, salt | 1);
    XML_SetUserData(markup->parser, markup);
    XML_SetElementHandler(markup->parser, on_open, on_close);
    XML_SetCharacterDataHandler(markup->parser, on_text);
    XML_SetStartDoctypeDeclHandler(markup->parser, on_doctype);
    return markup;
}

void markup_free(struct markup *markup)
{
    if (markup == NULL)
        return;
    XML_ParserFree(markup->parser);
    free(markup);
}

enum markup_wrong markup_feed(struct markup *markup, const char *bytes, size_t n, bool last)
{
    if (markup->wrong != MARKUP_GOOD)
        return markup->wrong;
    if (XML_Parse(markup->parser, bytes, (int) n, last) != XML_STATUS_ERROR || markup->wrong != MARKUP_GOOD)
        return markup->wrong;
    markup->wrong = XML_GetErrorCode(markup->parser) == XML_ERROR_NO_MEMORY ? MARKUP_MUCH : MARKUP_BROKEN;
    return markup->wrong;
}

int markup_at(const struct markup *markup, int depth)
{
    return depth < 1 || depth > markup->depth ? 0 : markup->path[depth];
}

bool markup_is(const struct markup *markup, int depth, const int *path)
{
    for (int i = 0; i < depth; i++)
        if (markup_at(markup, i + 1) != path[i])
            return false;
    return true;
}

const char *markup_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

const char *markup_relation(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        const char *local = strrchr(attributes[0], SEPARATOR);
        if (local != NULL && strcmp(local + 1, name) == 0 && strstr(attributes[0], "relationships") != NULL)
            return attributes[1];
    }
    return NULL;
}
