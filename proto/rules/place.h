/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Places as they are compared (G31). Clerks of two institutions write one address, and one room, in many ways: a key is what all of
 * them come to, so that one room is one room. Pure, as all rules; the database compares keys, and
 * makes none but of the names of divisions (helper.area_pattern).
 */
#ifndef MINGCE_PROTO_PLACE_H
#define MINGCE_PROTO_PLACE_H

#include <stdbool.h>

#include "proto/rules/division.h"
#include "proto/wire/reason.h"

enum {
    PLACE_NAME_CHARACTERS = 40, /* of a venue or a room */
    PLACE_CHARACTERS = 100,     /* of an address, and of where a lesson is held */
    PLACE_KEY_BYTES = 1024,
};

/* What an institution calls a venue: half-width, lower case, without blanks and brackets; dashes are one dash, # is 号, and the
 * numbers of Chinese below a hundred are written in digits, none with a zero in front; punctuation at the end is gone. False: nothing
 * is left, or it does not fit. */
bool place_key(const char *text, char key[PLACE_KEY_BYTES]);
/* A room: likewise, and 301, 301室 and 301号教室 are one. */
bool room_key(const char *text, char key[PLACE_KEY_BYTES]);
/* Where a lesson is held: a room, or what its venue is called, '/', and the room. `venue` is empty where it is not said. */
bool place_split(const char *text, char venue[PLACE_KEY_BYTES], char room[PLACE_KEY_BYTES]);
/* An address in a county, which is said by its code, by its names, or by the city's and the beginning of the address. Province, city
 * and county may stand in the address or not. REASON_NONE, REASON_VENUE_DIVISION or REASON_VENUE_ADDRESS. */
enum reason address_key(const char *division, const char *address, char county[DIVISION_BYTES],
                        char key[PLACE_KEY_BYTES]);

#endif
