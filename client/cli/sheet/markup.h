/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads XML of a stranger, in pieces: no document type, so no entities; at most MARKUP_DEPTH elements inside each other; and what the
 * parser keeps of it is bounded, however long an attribute is.
 */
#ifndef MINGCE_CLI_MARKUP_H
#define MINGCE_CLI_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

enum { MARKUP_DEPTH = 32, MARKUP_MEMORY = 16 << 20 /* bytes */ };

enum markup_wrong {
    MARKUP_GOOD,
    MARKUP_BROKEN,  /* no XML, or not whole */
    MARKUP_DOCTYPE, /* has a document type */
    MARKUP_DEEP,
    MARKUP_MUCH,    /* needs more memory than is allowed, or there is none */
    MARKUP_STOPPED, /* by the caller */
};

/* The elements that a caller knows: local names in its namespaces, which stand for the numbers from 1. All others are 0. */
struct markup_words {
    const char *const *names;
    int names_n;
    const char *const *spaces; /* ends with NULL */
};

struct markup;
/* Each may be NULL. `depth` counts from 1; markup_at() says which elements are around. */
struct markup_handlers {
    void (*open)(void *context, struct markup *, int depth, const char **attributes);
    void (*close)(void *context, struct markup *, int depth);
    void (*text)(void *context, struct markup *, int depth, const char *bytes, size_t n);
};

/* NULL: out of memory, or of random bytes. */
struct markup *markup_new(const struct markup_words *, const struct markup_handlers *, void *context);
void markup_free(struct markup *);
/* Reads the next piece; of an empty one at the end, whether all elements are closed. */
enum markup_wrong markup_feed(struct markup *, const char *bytes, size_t n, bool last);
/* For handlers: reads no further. */
void markup_stop(struct markup *);
/* The element at a depth, up to where the reading stands. */
int markup_at(const struct markup *, int depth);
/* Whether the elements from the root down to the depth are just these. */
bool markup_is(const struct markup *, int depth, const int *path);
/* The value of an attribute that is in no namespace. NULL: it has none. */
const char *markup_attribute(const char **attributes, const char *name);
/* Likewise, of one that is in a namespace of relationships: r:id. */
const char *markup_relation(const char **attributes, const char *name);

#endif
