/* SPDX-License-Identifier: Apache-2.0 */
/* Places that are the same, however clerks write them, and those that are not (G31). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/rules/place.h"

enum { COUNT = 12 };

/* All of them come to `key`; the last is NULL. */
static void same_rooms(const char *key, const char *const rooms[COUNT])
{
    char found[PLACE_KEY_BYTES];
    for (size_t i = 0; rooms[i] != NULL; i++) {
        assert_true(room_key(rooms[i], found));
        assert_string_equal(found, key);
    }
}

static void g31_a_room_is_one_room_however_it_is_written(void **state)
{
    (void) state;
    same_rooms("301", (const char *const[COUNT]){"301", " 301 ", "３０１", "301室", "301教室", "301号教室",
                                                 "三〇一室", "301#", "0301", "301室。", NULL});
    same_rooms("1", (const char *const[COUNT]){"一号教室", "1号教室", "1教室", "1", NULL});
    same_rooms("b-2", (const char *const[COUNT]){"B-2", "b－2", "B—2教室", "Ｂ–2室", NULL});
    same_rooms("多媒体教室", (const char *const[COUNT]){"多媒体教室", "多媒体 教室", "多媒体（教室）", NULL});
    same_rooms("实训室", (const char *const[COUNT]){"实训室", NULL});
    same_rooms("lab", (const char *const[COUNT]){"Lab", "LAB", NULL});
}

static void g31_other_rooms_are_others(void **state)
{
    static const char *const pairs[][2] = {{"301", "302"},           {"1-1", "11"},    {"1.1", "11"},
                                           {"多媒体教室", "多媒体"}, {"A301", "B301"}, {"1,2", "12"},
                                           {"1.05", "1.5"}};
    char one[PLACE_KEY_BYTES], other[PLACE_KEY_BYTES];
    (void) state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        assert_true(room_key(pairs[i][0], one));
        assert_true(room_key(pairs[i][1], other));
        assert_string_not_equal(one, other);
    }
}

static void g31_what_has_no_name_is_no_room(void **state)
{
    char key[PLACE_KEY_BYTES], room[PLACE_KEY_BYTES], text[2 * PLACE_KEY_BYTES];
    (void) state;
    assert_false(room_key("", key));
    assert_false(room_key(" （） ", key));
    assert_false(room_key("\xff", key));
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(room_key(text, key));
    assert_false(place_split("/301", key, room));
    assert_false(place_split("历下校区/", key, room));
}

static void g31_a_place_says_the_venue_or_not(void **state)
{
    char venue[PLACE_KEY_BYTES], room[PLACE_KEY_BYTES];
    (void) state;
    assert_true(place_split("301室", venue, room));
    assert_string_equal(venue, "");
    assert_string_equal(room, "301");
    assert_true(place_split("历下校区 ／ 301号教室", venue, room));
    assert_string_equal(venue, "历下校区");
    assert_string_equal(room, "301");
    assert_true(place_split("A/B/3", venue, room));
    assert_string_equal(venue, "a/b");
}

static void same_address(const char *division, const char *address, const char *county, const char *key)
{
    char found[DIVISION_BYTES], is[PLACE_KEY_BYTES];
    assert_int_equal(address_key(division, address, found, is), REASON_NONE);
    assert_string_equal(found, county);
    assert_string_equal(is, key);
}

static void g31_an_address_is_one_venue_however_it_is_written(void **state)
{
    (void) state;
    same_address("370102", "经十路1号", "370102", "经10路1号");
    same_address("370102", "山东省济南市历下区经十路１号", "370102", "经10路1号");
    same_address("370102", "济南市 历下区 经十路一号", "370102", "经10路1号");
    same_address("370102", "历下区经十路1#", "370102", "经10路1号");
    same_address("山东省济南市历下区", "经十路（东段）1号", "370102", "经10路东段1号");
    same_address("370100", "山东省济南市历下区经十路1号", "370102", "经10路1号");
    same_address("济南市", "历下区经十路1号", "370102", "经10路1号");
    same_address("370102", "历下区经10路01号。", "370102", "经10路1号");
    same_address("370102", "解放路二十三号，", "370102", "解放路23号");
    same_address("370102", "解放路十二号", "370102", "解放路12号");
    same_address("370102", "解放路二十号.", "370102", "解放路20号");
}

static void refused_address(const char *division, const char *address, enum reason reason)
{
    char county[DIVISION_BYTES], key[PLACE_KEY_BYTES];
    assert_int_equal(address_key(division, address, county, key), reason);
}

static void g31_an_address_without_its_county_or_in_another_is_refused(void **state)
{
    (void) state;
    refused_address("370100", "经十路1号", REASON_VENUE_DIVISION);
    refused_address("370000", "济南市历下区经十路1号", REASON_VENUE_DIVISION);
    refused_address("370111", "某路1号", REASON_VENUE_DIVISION); /* no longer a county */
    refused_address("没有这样的", "某路1号", REASON_VENUE_DIVISION);
    refused_address("370102", "济南市历城区工业北路1号", REASON_VENUE_DIVISION);
    refused_address("370102", "山东省济南市历下区", REASON_VENUE_ADDRESS);
    refused_address("370102", " ", REASON_VENUE_ADDRESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(g31_a_room_is_one_room_however_it_is_written),
        cmocka_unit_test(g31_other_rooms_are_others),
        cmocka_unit_test(g31_what_has_no_name_is_no_room),
        cmocka_unit_test(g31_a_place_says_the_venue_or_not),
        cmocka_unit_test(g31_an_address_is_one_venue_however_it_is_written),
        cmocka_unit_test(g31_an_address_without_its_county_or_in_another_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
