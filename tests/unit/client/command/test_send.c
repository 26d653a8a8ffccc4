/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a file sent to a server that answers as each test has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/command/send.h"
#include "proto/training.pb-c.h"
#include "tests/unit/client/fake.h"

enum { IN_FLIGHT = 8, REQUEST_ROOM = 4096 - 1024 - 8 /* for one row, in the shortest frame */ };

static const struct form_field fields[] = {{"place", "地点", "place", {"place"}, FORM_NEEDED},
                                           {"content", "内容", "content", {"content"}, FORM_OPTIONAL},
                                           {"hours", "课时", "hours", {"hours"}, FORM_OPTIONAL}};
static const struct form form = {.fields = fields, .n = 3, .needed = {0, 0}};

/* A place of "?" cannot be read. */
static bool read_row(void *context, struct row *read)
{
    static char other[] = "x"; /* the row outlives this call */
    Mingce__V1__LessonRow *row = read->message;
    (void) context;
    row->held_on = row->teacher_name = row->teacher_document_number = other;
    row->place = form_file_cell(read->file, read->i, 0);
    row->content = form_file_cell(read->file, read->i, 1);
    const char *hours = form_file_cell(read->file, read->i, 2);
    row->hours = hours == NULL ? 0 : (uint32_t) strtoul(hours, NULL, 10);
    return strcmp(row->place, "?") != 0 || rows_refuse(read->judgement, REASON_PLACE_LENGTH, "place");
}

static const struct row_form rows = {.form = &form, .read = read_row, .says = {"hours"}};

static struct form_file file;
static struct judgements judged;
static struct sent sent;

static int make(void **state)
{
    file = (struct form_file){0};
    judged = (struct judgements){0};
    setenv("MINGCE_RECEIPTS", "/nowhere", 1);
    return fake_make(state);
}

static int unmake(void **state)
{
    judgements_free(&judged);
    sent_free(&sent);
    form_file_free(&file);
    mingce_close(files.en.server);
    return fake_unmake(state);
}

/* Sends the file's rows, `most` to a request, to the server of the script; what is said is in files.said. */
static int send_file(const char *text, size_t most, void (*script)(void))
{
    Mingce__V1__LessonAddRequest request = MINGCE__V1__LESSON_ADD_REQUEST__INIT;
    const struct rows_import import = {
        .method = "lesson.add", .rows = &rows, .request = &request.base, .most = most};
    assert_int_equal(form_file_read(&files.en, file_text("rows.csv", text), &form, &file), CLI_OK);
    assert_true(judgements_make(&judged, file.n));
    fake_serve(script);
    files.en.server = open_good();
    struct listening err = listen_to(stderr);
    int status = send_rows(&files.en, &import, &file, &judged, &sent);
    listen_end(&err);
    mingce_close(files.en.server);
    files.en.server = NULL;
    fake_end();
    return status;
}

static void expect_verdict(size_t i, Mingce__V1__RowVerdict verdict, size_t whys)
{
    assert_int_equal(judged.rows[i].verdict, verdict);
    assert_int_equal(judged.rows[i].whys_n, whys);
}

/* ---- the server ---- */

/* The rows of the next request: their numbers in `row`. */
static uint64_t get_rows(SSL *ssl, uint32_t *row, size_t *n)
{
    const Mingce__V1__Request *request = need_request(ssl);
    Mingce__V1__LessonAddRequest *add =
        mingce__v1__lesson_add_request__unpack(NULL, request->body.len, request->body.data);
    NEED(add != NULL && strcmp(request->method, "lesson.add") == 0);
    NEED(request->body.len <= fake.frame_bytes && add->n_row <= *n);
    for (size_t i = 0; i < add->n_row; i++)
        row[i] = add->row[i]->row;
    *n = add->n_row;
    mingce__v1__lesson_add_request__free_unpacked(add, NULL);
    return request->id;
}

/* A result of every row: done. */
static void put_done(SSL *ssl, uint64_t id, const uint32_t *row, size_t n)
{
    Mingce__V1__RowsResponse answer = MINGCE__V1__ROWS_RESPONSE__INIT;
    Mingce__V1__RowResult each[16], *list[16];
    NEED(n <= 16);
    for (size_t i = 0; i < n; i++) {
        mingce__v1__row_result__init(list[i] = &each[i]);
        each[i].row = row[i];
        each[i].verdict = MINGCE__V1__ROW_VERDICT__ROW_DONE;
    }
    answer.result = list;
    answer.n_result = n;
    put_body(ssl, id, &answer.base);
}

static void one_row(SSL *ssl, uint64_t *id, uint32_t expected)
{
    uint32_t row;
    size_t n = 1;
    *id = get_rows(ssl, &row, &n);
    NEED(n == 1 && row == expected);
}

/* ---- the tests ---- */

static void answers_eight_at_once(void)
{
    SSL *ssl = greet();
    uint64_t ids[IN_FLIGHT + 2];
    for (uint32_t i = 0; i < IN_FLIGHT; i++)
        one_row(ssl, &ids[i], i + 1);
    for (uint32_t i = IN_FLIGHT; i > 0; i--)
        put_done(ssl, ids[i - 1], &i, 1);
    for (uint32_t i = IN_FLIGHT + 1; i <= IN_FLIGHT + 2; i++) {
        one_row(ssl, &ids[i - 1], i);
        put_done(ssl, ids[i - 1], &i, 1);
    }
    need_end(ssl);
}

static void eight_requests_are_in_flight(void **state)
{
    (void) state;
    assert_int_equal(send_file("place\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", 1, answers_eight_at_once), CLI_OK);
    assert_int_equal(sent.n, IN_FLIGHT + 2);
    for (size_t i = 0; i < file.n; i++)
        expect_verdict(i, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
}

static void refuses_the_second(void)
{
    SSL *ssl = greet();
    uint64_t ids[IN_FLIGHT];
    Mingce__V1__RowsResponse answer = MINGCE__V1__ROWS_RESPONSE__INIT;
    Mingce__V1__RowResult last = MINGCE__V1__ROW_RESULT__INIT, *list[] = {&last};
    for (uint32_t i = 0; i < IN_FLIGHT; i++)
        one_row(ssl, &ids[i], i + 1);
    put_done(ssl, ids[0], &(const uint32_t){1}, 1);
    put_error(ssl, ids[1], MINGCE__V1__CODE__CODE_CONFLICT, "class-state");
    for (uint32_t i = 3; i < IN_FLIGHT; i++)
        put_done(ssl, ids[i - 1], &i, 1);
    last.row = IN_FLIGHT;
    last.verdict = MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED;
    answer.result = list;
    answer.n_result = 1;
    put_body(ssl, ids[IN_FLIGHT - 1], &answer.base);
    Mingce__V1__Frame *ninth = get_request(ssl); /* begun when the first was answered */
    NEED(ninth != NULL);
    put_error(ssl, ninth->request->id, MINGCE__V1__CODE__CODE_CONFLICT, "class-state");
    need_end(ssl);
}

/* What was answered is kept, whatever became of the request before it; nothing more is sent, and one refusal is told. */
static void what_is_in_flight_when_one_fails_is_waited_for(void **state)
{
    (void) state;
    assert_int_equal(send_file("place\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", 1, refuses_the_second), CLI_REFUSED);
    assert_int_equal(sent.n, IN_FLIGHT - 1);
    expect_verdict(IN_FLIGHT - 1, MINGCE__V1__ROW_VERDICT__ROW_UNCHANGED, 0);
    char *first = strstr(files.said, "class-state");
    assert_non_null(first);
    assert_null(strstr(first + 1, "mingce: class-state"));
    assert_non_null(strstr(files.said, "the import broke off: what was answered is recorded"));
}

static void wants_two_requests(void)
{
    SSL *ssl = greet();
    uint32_t row[4];
    size_t n = 4;
    uint64_t id = get_rows(ssl, row, &n);
    NEED(n == 1 && row[0] == 1);
    put_done(ssl, id, row, n);
    n = 4;
    id = get_rows(ssl, row, &n);
    NEED(n == 2 && row[0] == 4 && row[1] == 5);
    put_done(ssl, id, row, n);
    need_end(ssl);
}

/* A request is no longer than a frame; a row that is refused here, or that no frame holds, is not sent. */
static void a_row_goes_into_the_request_that_holds_it(void **state)
{
    (void) state;
    static char text[16384], wide[2001], widest[5001];
    memset(wide, 'w', sizeof(wide) - 1);
    memset(widest, 'w', sizeof(widest) - 1);
    snprintf(text, sizeof(text), "place,content\na,%s\n?,\nb,%s\nc,%s\nd,\n", wide, widest, wide);
    fake.frame_bytes = 4096;
    assert_int_equal(send_file(text, 0, wants_two_requests), CLI_OK);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    expect_verdict(1, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    expect_verdict(2, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    assert_string_equal(judged.rows[2].whys[0].code, "text-length");
    expect_verdict(3, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    expect_verdict(4, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
}

static void wants_the_second(void)
{
    SSL *ssl = greet();
    uint64_t id;
    one_row(ssl, &id, 2);
    put_done(ssl, id, &(const uint32_t){2}, 1);
    one_row(ssl, &id, 4);
    put_done(ssl, id, &(const uint32_t){4}, 1);
    need_end(ssl);
}

/* What a row says that is too long to be sent, by the bytes of its number, contradicts no other; what one says that is sent does. */
static void a_row_that_is_not_sent_contradicts_none(void **state)
{
    (void) state;
    static char text[16384], place[4096];
    Mingce__V1__LessonRow row = MINGCE__V1__LESSON_ROW__INIT;
    row.row = 1;
    row.held_on = row.teacher_name = row.teacher_document_number = (char[]){"x"};
    row.place = place;
    memset(place, 'p', REQUEST_ROOM - protobuf_c_message_get_packed_size(&row.base) - 4);
    snprintf(text, sizeof(text), "place,hours\n%s,4294967295\n%s,1\n%s,2\nb,1\n", place, place, place);
    fake.frame_bytes = 4096;
    assert_int_equal(send_file(text, 0, wants_the_second), CLI_OK);
    expect_verdict(0, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    assert_string_equal(judged.rows[0].whys[0].code, "text-length");
    expect_verdict(1, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
    expect_verdict(2, MINGCE__V1__ROW_VERDICT__ROW_REFUSED, 1);
    assert_string_equal(judged.rows[2].whys[0].code, "contradicts-earlier-row");
    assert_int_equal(judged.rows[2].whys[0].other_row, 2);
    expect_verdict(3, MINGCE__V1__ROW_VERDICT__ROW_DONE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(eight_requests_are_in_flight, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_in_flight_when_one_fails_is_waited_for, make, unmake),
        cmocka_unit_test_setup_teardown(a_row_goes_into_the_request_that_holds_it, make, unmake),
        cmocka_unit_test_setup_teardown(a_row_that_is_not_sent_contradicts_none, make, unmake),
    };
    return cmocka_run_group_tests(tests, world_make, world_unmake);
}
