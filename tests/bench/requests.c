/* SPDX-License-Identifier: Apache-2.0 */
/* Requests about invented persons. A person's number, name and every other cell follow from the seed and a running
 * number; different running numbers below 320,000,000 have different document numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "proto/account.pb-c.h"
#include "proto/certificate.pb-c.h"
#include "proto/claim.pb-c.h"
#include "proto/person.pb-c.h"
#include "proto/roster.pb-c.h"
#include "proto/rules/day.h"
#include "proto/wire.pb-c.h"
#include "proto/wire/frame.h"

enum {
    SERIALS = 1000,     /* three digits of a number */
    BIRTH_DAYS = 16000, /* from 1960-01-01: all of age in 2026 */
    BIRTH_FIRST = -3653,
    CELL = 64,
    BODY_ROOM = 512, /* of one row */
    LEVEL = 2,
};

static const char *const areas[] = {"370102", "370103", "370104", "370105", "370202", "370203", "370302",
                                    "370303", "370304", "370305", "370402", "370403", "370502", "370602",
                                    "370611", "370702", "370811", "370902", "371002", "371102"};
enum { AREAS = sizeof(areas) / sizeof(areas[0]) };
static const char *const families[] = {"赵", "钱", "孙", "李", "周", "吴", "郑", "王",
                                       "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨"};
static const char *const given[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊",
                                    "军", "洋", "勇", "艳", "杰", "娟", "涛", "明"};
static const char *const groups[] = {"失业人员", "农民工", "高校毕业生", "困难企业转岗转业职工"};
static const char *const educations[] = {"大学专科", "大学本科", "普通高级中学教育", "中等职业教育"};

/* splitmix64: well mixed bits of a counter. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

struct person {
    char number[19], name[CELL], phone[12], address[CELL], account[CELL], certificate[CELL];
    const char *area, *sex, *group, *education;
};

static void resident_id(char number[19], const char *area, day birth, unsigned serial)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    char text[DAY_TEXT];
    int sum = 0;
    day_format(birth, text); /* YYYY-MM-DD */
    snprintf(number, 19, "%.6s%.4s%.2s%.2s%03u", area, text, text + 5, text + 8, serial % SERIALS);
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * weights[i];
    number[17] = "10X98765432"[sum % 11];
    number[18] = '\0';
}

static char luhn_digit(const char *digits)
{
    int sum = 0;
    size_t n = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        int digit = digits[n - 1 - i] - '0';
        digit *= i % 2 == 0 ? 2 : 1;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return (char) ('0' + (10 - sum % 10) % 10);
}

static void person_make(const struct plan *plan, uint64_t k, struct person *person)
{
    uint64_t bits = mixed(plan->seed ^ mixed(k));
    unsigned serial = (unsigned) (k % SERIALS);
    char account[19];
    person->area = areas[k / SERIALS % AREAS];
    resident_id(person->number, person->area, BIRTH_FIRST + (day) (k / SERIALS / AREAS % BIRTH_DAYS), serial);
    person->sex = serial % 2 == 1 ? "男" : "女";
    person->group = groups[bits % 4];
    person->education = educations[bits >> 2 & 3];
    snprintf(person->name, CELL, "%s%s%s", families[bits >> 4 & 15], given[bits >> 8 & 15],
             given[bits >> 12 & 15]);
    snprintf(person->phone, sizeof(person->phone), "13%09u", (unsigned) (bits >> 16) % 1000000000);
    snprintf(person->address, CELL, "山东省某市某区某路%u号", (unsigned) (bits >> 20) % 1000);
    snprintf(account, sizeof(account), "622848%012llu", (unsigned long long) (bits >> 8) % 1000000000000);
    snprintf(person->account, CELL, "%s%c", account, luhn_digit(account));
    snprintf(person->certificate, CELL, "%s%010u", person->area, (unsigned) (bits >> 24) % 1000000000);
}

/* Of no form that is known, so that any will do. */
static void certificate_number(uint64_t k, char number[CELL])
{
    snprintf(number, CELL, "BENCH%027llu", (unsigned long long) k);
}

static void row_fill(Mingce__V1__RosterRow *row, struct person *person, uint32_t number)
{
    mingce__v1__roster_row__init(row);
    row->row = number;
    row->name = row->account_name = person->name;
    row->document_type = (char *) (uintptr_t) "居民身份证";
    row->document_number = person->number;
    row->sex = (char *) (uintptr_t) person->sex;
    row->ethnicity = (char *) (uintptr_t) "汉族";
    row->education = (char *) (uintptr_t) person->education;
    row->trainee_group = (char *) (uintptr_t) person->group;
    row->household = (char *) (uintptr_t) "非农业";
    row->division = (char *) (uintptr_t) person->area;
    row->phone = person->phone;
    row->address = person->address;
    row->bank = (char *) (uintptr_t) "中国农业银行";
    row->account_number = person->account;
    row->unemployment_certificate = person->certificate;
}

/* ---- bodies: packed into `to`, which has room for BODY_ROOM a row; the length ---- */

static void *room_of(size_t n, size_t size)
{
    void *room = calloc(n, size);
    if (room == NULL)
        die("out of memory", "");
    return room;
}

/* The running number of row `r` of request `i`. */
static uint64_t running(const struct plan *plan, uint64_t lane, uint64_t i, uint64_t r)
{
    return plan->first + (i * plan->connections + lane) * plan->rows + r;
}

static uint64_t class_of(const struct plan *plan, uint64_t lane, uint64_t i)
{
    return plan->class_number + lane * plan->classes + i * plan->rows / CLASS_SEATS;
}

static size_t import_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    struct person *persons = room_of(plan->rows, sizeof(*persons));
    Mingce__V1__RosterRow *rows = room_of(plan->rows, sizeof(*rows)),
                          **list = room_of(plan->rows, sizeof(*list));
    Mingce__V1__RosterImportRequest request = MINGCE__V1__ROSTER_IMPORT_REQUEST__INIT;
    request.class_number = class_of(plan, lane, i);
    request.row = list;
    request.n_row = plan->rows;
    for (uint64_t r = 0; r < plan->rows; r++) {
        person_make(plan, running(plan, lane, i, r), &persons[r]);
        row_fill(list[r] = &rows[r], &persons[r], (uint32_t) r + 1);
    }
    if (mingce__v1__roster_import_request__get_packed_size(&request) > BODY_ROOM * plan->rows)
        die("a row is longer than thought", "");
    size_t n = mingce__v1__roster_import_request__pack(&request, to);
    free(persons);
    free(rows);
    free(list);
    return n;
}

/* A certificate for each person that a roster.import of the same plan enrolled. */
static size_t certificates_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    struct person *persons = room_of(plan->rows, sizeof(*persons));
    char(*numbers)[CELL] = room_of(plan->rows, CELL);
    Mingce__V1__CertificateRow *rows = room_of(plan->rows, sizeof(*rows)),
                               **list = room_of(plan->rows, sizeof(*list));
    Mingce__V1__CertificateImportRequest request = MINGCE__V1__CERTIFICATE_IMPORT_REQUEST__INIT;
    request.has_class_number = true;
    request.class_number = class_of(plan, lane, i);
    request.row = list;
    request.n_row = plan->rows;
    for (uint64_t r = 0; r < plan->rows; r++) {
        person_make(plan, running(plan, lane, i, r), &persons[r]);
        certificate_number(running(plan, lane, i, r), numbers[r]);
        mingce__v1__certificate_row__init(list[r] = &rows[r]);
        rows[r].row = (uint32_t) r + 1;
        rows[r].document_number = persons[r].number;
        rows[r].certificate_number = numbers[r];
        rows[r].kind = MINGCE__V1__CERTIFICATE_KIND__KIND_TRAINING;
        rows[r].issued_on = (char *) (uintptr_t) plan->day;
        rows[r].occupation_code = (char *) (uintptr_t) "4-10-01-06";
        rows[r].level = LEVEL;
    }
    size_t n = mingce__v1__certificate_import_request__pack(&request, to);
    free(persons);
    free(numbers);
    free(rows);
    free(list);
    return n;
}

static size_t claims_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    char(*numbers)[CELL] = room_of(plan->rows, CELL);
    Mingce__V1__ClaimRow *rows = room_of(plan->rows, sizeof(*rows)),
                         **list = room_of(plan->rows, sizeof(*list));
    Mingce__V1__ClaimSubmitRequest request = MINGCE__V1__CLAIM_SUBMIT_REQUEST__INIT;
    request.route = MINGCE__V1__CLAIM_ROUTE__ROUTE_INSTITUTION;
    request.row = list;
    request.n_row = plan->rows;
    for (uint64_t r = 0; r < plan->rows; r++) {
        certificate_number(running(plan, lane, i, r), numbers[r]);
        mingce__v1__claim_row__init(list[r] = &rows[r]);
        rows[r].row = (uint32_t) r + 1;
        rows[r].certificate_number = numbers[r];
        rows[r].proxy_reference = (char *) (uintptr_t) "BENCH-1";
        rows[r].has_no_fee = rows[r].no_fee = true;
    }
    size_t n = mingce__v1__claim_submit_request__pack(&request, to);
    free(numbers);
    free(rows);
    free(list);
    return n;
}

/* The claims that tests/bench/fund.py has made, by number. */
static size_t approve_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    enum { CLAIM = 16 };
    uint8_t(*ids)[CLAIM] = room_of(plan->rows, CLAIM);
    Mingce__V1__ClaimDecision *rows = room_of(plan->rows, sizeof(*rows)),
                              **list = room_of(plan->rows, sizeof(*list));
    Mingce__V1__ClaimDecideRequest request = MINGCE__V1__CLAIM_DECIDE_REQUEST__INIT;
    request.row = list;
    request.n_row = plan->rows;
    for (uint64_t r = 0; r < plan->rows; r++) {
        uint64_t n = running(plan, lane, i, r);
        ids[r][0] = 0xbe;
        for (size_t b = 0; b < sizeof(n); b++)
            ids[r][CLAIM - 1 - b] = (uint8_t) (n >> (8 * b));
        mingce__v1__claim_decision__init(list[r] = &rows[r]);
        rows[r].row = (uint32_t) r + 1;
        rows[r].claim_id = (ProtobufCBinaryData){CLAIM, ids[r]};
        rows[r].version = 1;
    }
    size_t n = mingce__v1__claim_decide_request__pack(&request, to);
    free(ids);
    free(rows);
    free(list);
    return n;
}

static size_t verify_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    struct person person;
    char number[CELL];
    uint64_t any = plan->first + mixed(plan->seed ^ mixed(i * plan->connections + lane)) % plan->persons;
    Mingce__V1__CertificateVerifyRequest request = MINGCE__V1__CERTIFICATE_VERIFY_REQUEST__INIT;
    person_make(plan, any, &person);
    certificate_number(any, number);
    request.certificate_number = number;
    request.name = person.name;
    return mingce__v1__certificate_verify_request__pack(&request, to);
}

static size_t queue_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    (void) lane, (void) i;
    Mingce__V1__ClaimQueueRequest request = MINGCE__V1__CLAIM_QUEUE_REQUEST__INIT;
    uint8_t cursor[CELL];
    request.state = MINGCE__V1__CLAIM_STATE__CLAIM_SUBMITTED;
    request.has_cursor = plan->cursor != NULL;
    request.cursor.data = cursor;
    for (const char *at = plan->cursor; at != NULL && *at != '\0'; at += 2) {
        static const char digits[] = "0123456789abcdef";
        const char *high = strchr(digits, at[0]), *low = at[1] == '\0' ? NULL : strchr(digits, at[1]);
        if (request.cursor.len == sizeof(cursor) || high == NULL || low == NULL)
            die("not a cursor", plan->cursor);
        cursor[request.cursor.len++] = (uint8_t) ((high - digits) << 4 | (low - digits));
    }
    return mingce__v1__claim_queue_request__pack(&request, to);
}

static size_t look_body(const struct plan *plan, uint64_t lane, uint64_t i, uint8_t *to)
{
    struct person person;
    Mingce__V1__DocumentKey document = MINGCE__V1__DOCUMENT_KEY__INIT;
    uint64_t any = mixed(plan->seed ^ mixed(i * plan->connections + lane));
    person_make(plan, plan->first + any % plan->persons, &person);
    document.document_number = person.number;
    if (strcmp(plan->method, "person.find") == 0) {
        Mingce__V1__PersonFindRequest request = MINGCE__V1__PERSON_FIND_REQUEST__INIT;
        request.document = &document;
        return mingce__v1__person_find_request__pack(&request, to);
    }
    Mingce__V1__PersonKey key = MINGCE__V1__PERSON_KEY__INIT;
    Mingce__V1__Reason reason = MINGCE__V1__REASON__INIT;
    Mingce__V1__PersonRevealRequest request = MINGCE__V1__PERSON_REVEAL_REQUEST__INIT;
    key.document = &document;
    reason.purpose = MINGCE__V1__PURPOSE__PURPOSE_VERIFICATION;
    reason.case_reference = (char *) (uintptr_t) "BENCH-1";
    request.key = &key;
    request.reason = &reason;
    return mingce__v1__person_reveal_request__pack(&request, to);
}

static const struct {
    const char *method;
    bool rows;
    size_t (*body)(const struct plan *, uint64_t lane, uint64_t i, uint8_t *to);
} makers[] = {
    {"roster.import", true, import_body}, {"certificate.import", true, certificates_body},
    {"claim.submit", true, claims_body},  {"person.find", false, look_body},
    {"person.reveal", false, look_body},  {"certificate.verify", false, verify_body},
    {"claim.queue", false, queue_body},   {"claim.approve", true, approve_body},
};

static size_t maker_of(const struct plan *plan)
{
    for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++)
        if (strcmp(makers[i].method, plan->method) == 0)
            return i;
    die("no requests of this method are made here", plan->method);
}

bool requests_have_rows(const struct plan *plan)
{
    return makers[maker_of(plan)].rows;
}

/* ---- frames ---- */

static void frame_add(const struct plan *plan, struct requests *requests, size_t *room, uint64_t lane,
                      const ProtobufCBinaryData *body)
{
    uint64_t id[] = {mixed(plan->seed ^ mixed(plan->first + requests->n)),
                     mixed(lane ^ (uint64_t) maker_of(plan) << 32) ^ plan->first};
    Mingce__V1__Request request = MINGCE__V1__REQUEST__INIT;
    Mingce__V1__Frame frame = MINGCE__V1__FRAME__INIT;
    frame.kind_case = MINGCE__V1__FRAME__KIND_REQUEST;
    frame.request = &request;
    request.id = requests->n;
    request.method = (char *) (uintptr_t) plan->method;
    request.body = *body;
    request.has_request_id = plan->rows > 0;
    request.request_id = (ProtobufCBinaryData){FRAME_REQUEST_ID, (uint8_t *) id};
    size_t at = requests->n == 0 ? 0 : requests->ends[requests->n - 1];
    size_t n = mingce__v1__frame__get_packed_size(&frame);
    if (at + FRAME_HEADER + n > *room) {
        *room = (at + FRAME_HEADER + n) * 2;
        requests->bytes = realloc(requests->bytes, *room);
        if (requests->bytes == NULL)
            die("out of memory", "");
    }
    frame_put_header(requests->bytes + at, (uint32_t) n);
    mingce__v1__frame__pack(&frame, requests->bytes + at + FRAME_HEADER);
    requests->ends[requests->n++] = at + FRAME_HEADER + n;
}

void requests_make(const struct plan *plan, uint64_t lane, struct requests *requests)
{
    size_t room = 0;
    uint8_t *scratch = malloc(BODY_ROOM * (plan->rows + 1));
    *requests = (struct requests){.ends = calloc(plan->requests, sizeof(*requests->ends))};
    if (scratch == NULL || requests->ends == NULL)
        die("out of memory", "");
    for (uint64_t i = 0; i < plan->requests; i++) {
        ProtobufCBinaryData body = {.data = scratch};
        body.len = makers[maker_of(plan)].body(plan, lane, i, scratch);
        frame_add(plan, requests, &room, lane, &body);
    }
    free(scratch);
}

void requests_free(struct requests *requests)
{
    free(requests->bytes);
    free(requests->ends);
}

uint64_t requests_records(const struct plan *plan, const uint8_t *body, size_t n)
{
    uint64_t records = 0;
    if (strcmp(plan->method, "roster.import") == 0) {
        Mingce__V1__RosterImportResponse *response =
            mingce__v1__roster_import_response__unpack(NULL, n, body);
        records = response == NULL ? 0 : response->enrolled;
        mingce__v1__roster_import_response__free_unpacked(response, NULL);
    } else if (plan->rows > 0) {
        Mingce__V1__RowsResponse *response = mingce__v1__rows_response__unpack(NULL, n, body);
        records = response == NULL ? 0 : response->done;
        mingce__v1__rows_response__free_unpacked(response, NULL);
    } else if (strcmp(plan->method, "person.find") == 0) {
        Mingce__V1__PersonFindResponse *response = mingce__v1__person_find_response__unpack(NULL, n, body);
        records = response != NULL;
        mingce__v1__person_find_response__free_unpacked(response, NULL);
    } else if (strcmp(plan->method, "certificate.verify") == 0) {
        Mingce__V1__CertificateVerifyResponse *response =
            mingce__v1__certificate_verify_response__unpack(NULL, n, body);
        records = response != NULL && response->has_state;
        mingce__v1__certificate_verify_response__free_unpacked(response, NULL);
    } else if (strcmp(plan->method, "claim.queue") == 0) {
        Mingce__V1__ClaimListResponse *response = mingce__v1__claim_list_response__unpack(NULL, n, body);
        records = response != NULL && response->n_claim > 0;
        mingce__v1__claim_list_response__free_unpacked(response, NULL);
    } else {
        Mingce__V1__PersonRevealResponse *response =
            mingce__v1__person_reveal_response__unpack(NULL, n, body);
        records = response != NULL;
        mingce__v1__person_reveal_response__free_unpacked(response, NULL);
    }
    return records;
}
