/* SPDX-License-Identifier: Apache-2.0 */
/* Bounds of what rows say: a clerk's file is judged, before it is sent, by the very numbers by which the daemon judges it. Those that the
 * database knows as well stand in its constraints once more. */
#ifndef MINGCE_PROTO_BOUNDS_H
#define MINGCE_PROTO_BOUNDS_H

#include <stdint.h>

enum {
    /* classes and lessons */
    CLASS_CAPACITY_MOST = 2000,
    LESSON_HOURS_MOST = 16, /* class hours of one lesson */
    MARK_MOST = 1000,       /* tenths */

    /* catalogues (G1) and standards (B10) */
    CATALOGUE_NUMBER_MOST = 99999,
    CATALOGUE_HOURS_MOST = 10000, /* class hours that a row asks for */
    CATALOGUE_HEADS_MOST = 1000000,
    CATALOGUE_PERCENT_MOST = 100, /* of practice */
    DEMAND_GRADES = 3,
    STANDARD_PERCENT_MOST = 1000,

    /* venues (G31) */
    ROOM_CAPACITY_MOST = 2000,
    VENUE_AREA_MOST = 1000000, /* square metres */
    DEGREE = 1000000,          /* in the unit of longitudes and latitudes */
    LONGITUDE_MOST = 180 * DEGREE,
    LATITUDE_MOST = 90 * DEGREE,

    /* claims */
    DECISIONS_MOST = 2000, /* of one request */
    REPLAY_YEAR_FIRST = 1949,
    REPLAY_YEAR_LAST = 9999,

    /* registers of others (H20) */
    SNAPSHOT_ROWS_MOST = 10000000,
};

/* Money of the special account, fen: ten thousand times what a city's fund has (F2). */
#define FUND_FEN_MOST INT64_C(1000000000000000)

#endif
