/* SPDX-License-Identifier: Apache-2.0 */
/* What the wire scan and protobuf-c need of the messages: none is recursive, none has more fields than the scan
 * can count, all have wire forms that the scan knows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/wire/wirescan.h"
#include "tests/unit/proto/descriptors.h"

enum { FIELDS = 64 }; /* of one message: what wirescan.c has bits for */

/* Messages below this one, itself included; more than there are messages: it is recursive. */
static int height(const ProtobufCMessageDescriptor *message, int left)
{
    int highest = 0;
    for (unsigned i = 0; left > 0 && i < message->n_fields; i++) {
        if (message->fields[i].type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        int below = height(message->fields[i].descriptor, left - 1);
        highest = below > highest ? below : highest;
    }
    return highest + 1;
}

static void no_message_is_recursive(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++)
        assert_in_range(height(message_descriptors[i], MESSAGE_DESCRIPTORS + 1), 1, WIRESCAN_DEPTH + 1);
}

static void a_recursive_message_would_be_found(void **state)
{
    (void) state;
    static ProtobufCFieldDescriptor fields[2] = {{.type = PROTOBUF_C_TYPE_MESSAGE},
                                                 {.type = PROTOBUF_C_TYPE_MESSAGE}};
    static const ProtobufCMessageDescriptor outer = {.n_fields = 1, .fields = &fields[0]};
    static const ProtobufCMessageDescriptor inner = {.n_fields = 1, .fields = &fields[1]};
    fields[0].descriptor = &inner;
    fields[1].descriptor = &outer;
    assert_true(height(&outer, MESSAGE_DESCRIPTORS + 1) > MESSAGE_DESCRIPTORS);
}

static bool listed(const char *short_name)
{
    size_t found = 0;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++)
        found += strcmp(message_descriptors[i]->short_name, short_name) == 0;
    return found == 1;
}

/* The names after `message` at the start of a line. */
static size_t messages_of(const char *path)
{
    char line[512], name[64];
    size_t n = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        char *at = line + strspn(line, " ");
        if (strncmp(at, "message ", 8) != 0)
            continue;
        assert_ptr_equal(at, line); /* nested ones would have another descriptor's name */
        at += 8;
        size_t length = strcspn(at, " {\n");
        assert_in_range(length, 1, sizeof(name) - 1);
        memcpy(name, at, length);
        name[length] = '\0';
        if (!listed(name))
            fail_msg("%s: %s is not in messages.def, or more than once", path, name);
        n++;
    }
    fclose(file);
    return n;
}

static void every_message_of_the_files_is_listed(void **state)
{
    (void) state;
    const char *root = getenv("MINGCE_TEST_ROOT");
    char pattern[4096];
    glob_t files;
    size_t n = 0;
    snprintf(pattern, sizeof(pattern), "%s/proto/*.proto", root != NULL ? root : ".");
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        if (strstr(files.gl_pathv[i], "/options.proto") == NULL) /* what is said of methods, for the build */
            n += messages_of(files.gl_pathv[i]);
    globfree(&files);
    assert_int_equal(n, MESSAGE_DESCRIPTORS);
}

static void every_message_below_a_listed_one_is_listed(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++)
        for (unsigned j = 0; j < message_descriptors[i]->n_fields; j++) {
            const ProtobufCFieldDescriptor *field = &message_descriptors[i]->fields[j];
            const ProtobufCMessageDescriptor *below = field->descriptor;
            if (field->type == PROTOBUF_C_TYPE_MESSAGE)
                assert_true(listed(below->short_name));
        }
}

static void the_scan_has_a_bit_for_every_field(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++) {
        assert_in_range(message_descriptors[i]->n_fields, 0, FIELDS);
        assert_string_equal(message_descriptors[i]->package_name, "mingce.v1");
    }
}

static void no_field_is_packed(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++)
        for (unsigned j = 0; j < message_descriptors[i]->n_fields; j++)
            assert_int_equal(message_descriptors[i]->fields[j].flags & PROTOBUF_C_FIELD_FLAG_PACKED, 0);
}

/* protobuf-c gives an absent enum its first value: a field that is not there must not look decided. */
static void no_enum_has_a_zero(void **state)
{
    (void) state;
    for (size_t i = 0; i < MESSAGE_DESCRIPTORS; i++)
        for (unsigned j = 0; j < message_descriptors[i]->n_fields; j++) {
            const ProtobufCFieldDescriptor *field = &message_descriptors[i]->fields[j];
            if (field->type == PROTOBUF_C_TYPE_ENUM)
                assert_null(protobuf_c_enum_descriptor_get_value(field->descriptor, 0));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_message_is_recursive),
        cmocka_unit_test(a_recursive_message_would_be_found),
        cmocka_unit_test(every_message_of_the_files_is_listed),
        cmocka_unit_test(every_message_below_a_listed_one_is_listed),
        cmocka_unit_test(the_scan_has_a_bit_for_every_field),
        cmocka_unit_test(no_field_is_packed),
        cmocka_unit_test(no_enum_has_a_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
