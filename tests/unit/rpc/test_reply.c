/* SPDX-License-Identifier: Apache-2.0 */
/* The replies are frames that an ordinary protobuf reader understands, the hand-written envelope included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/rpc/reply.h"
#include "proto/class.pb-c.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/wirescan.h"

/* A session that only keeps the last frame. */
static uint8_t sent[1 << 16];
static size_t sent_n;

uint8_t *session_frame(struct session *session, size_t n)
{
    (void) session;
    sent_n = n;
    return n <= sizeof(sent) ? sent : NULL;
}

static Mingce__V1__Frame *frame_sent(void)
{
    assert_int_equal(wirescan(&mingce__v1__frame__descriptor, sent, sent_n), REASON_NONE);
    Mingce__V1__Frame *frame = mingce__v1__frame__unpack(NULL, sent_n, sent);
    assert_non_null(frame);
    return frame;
}

static void body_of_every_length_round_trips(void **state)
{
    (void) state;
    static char title[20000];
    static const uint64_t ids[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    for (size_t length = 0; length < sizeof(title) - 1; length += length < 300 ? 1 : 997) {
        Mingce__V1__ClassOpenRequest body = MINGCE__V1__CLASS_OPEN_REQUEST__INIT;
        memset(title, 'x', length);
        title[length] = '\0';
        body.title = title;
        uint64_t id = ids[length % (sizeof(ids) / sizeof(*ids))];
        body.level = MINGCE__V1__SKILL_LEVEL__LEVEL_JUNIOR;
        body.starts_on = body.ends_on = body.occupation_code = (char[]){"x"};
        Mingce__V1__Receipt receipt = MINGCE__V1__RECEIPT__INIT;
        receipt.note = (ProtobufCBinaryData){length, (uint8_t *) title};
        receipt.size = length;
        assert_true(reply_body(NULL, id, &body.base, length % 2 == 0 ? NULL : &receipt));
        Mingce__V1__Frame *frame = frame_sent();
        assert_int_equal(frame->kind_case, MINGCE__V1__FRAME__KIND_RESPONSE);
        assert_true(frame->response->id == id);
        assert_int_equal(frame->response->outcome_case, MINGCE__V1__RESPONSE__OUTCOME_BODY);
        assert_int_equal(frame->response->body.len, mingce__v1__class_open_request__get_packed_size(&body));
        assert_true((frame->response->receipt != NULL) == (length % 2 == 1));
        if (frame->response->receipt != NULL)
            assert_int_equal(frame->response->receipt->note.len, length);
        mingce__v1__frame__free_unpacked(frame, NULL);
    }
}

static void every_reason_makes_an_error_that_says_what_to_do(void **state)
{
    (void) state;
    static const char *const fields[] = {"title", "capacity"};
    for (int reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        assert_true(reply_error(NULL, 7, (enum reason) reason, NULL, fields, 2));
        Mingce__V1__Frame *frame = frame_sent();
        const Mingce__V1__Error *error = frame->response->error;
        assert_string_equal(error->reason, reason_text((enum reason) reason)->name);
        assert_true(strlen(error->zh) > 0 && strlen(error->en) > 0);
        assert_int_equal(error->n_finding, 2);
        assert_string_equal(error->finding[0]->field, "title");
        assert_string_equal(error->finding[1]->field, "capacity");
        mingce__v1__frame__free_unpacked(frame, NULL);
    }
}

static void an_error_speaks_of_its_method(void **state)
{
    (void) state;
    static const char *const fields[] = {"reason"};
    assert_true(reply_error(NULL, 7, REASON_REASON_NEEDED, "claim.pay", fields, 1));
    Mingce__V1__Frame *frame = frame_sent();
    const Mingce__V1__Error *error = frame->response->error;
    assert_string_equal(error->reason, "reason-needed");
    assert_string_equal(error->en, "a payment states its reference");
    assert_string_equal(error->finding[0]->en, error->en);
    assert_string_equal(error->finding[0]->zh, error->zh);
    mingce__v1__frame__free_unpacked(frame, NULL);
}

static void goodbye_carries_its_reason(void **state)
{
    (void) state;
    assert_true(reply_goodbye(NULL, REASON_OPERATOR_UNKNOWN));
    Mingce__V1__Frame *frame = frame_sent();
    assert_int_equal(frame->kind_case, MINGCE__V1__FRAME__KIND_GOODBYE);
    assert_string_equal(frame->goodbye->error->reason, "operator-unknown");
    assert_int_equal(frame->goodbye->error->n_finding, 0);
    mingce__v1__frame__free_unpacked(frame, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(body_of_every_length_round_trips),
        cmocka_unit_test(every_reason_makes_an_error_that_says_what_to_do),
        cmocka_unit_test(an_error_speaks_of_its_method),
        cmocka_unit_test(goodbye_carries_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
