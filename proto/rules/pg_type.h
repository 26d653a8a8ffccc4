/* SPDX-License-Identifier: Apache-2.0 */
/* What PostgreSQL's binary formats have for good (pg_type.dat, and the epoch of its dates and times). */
#ifndef MINGCE_PROTO_PG_TYPE_H
#define MINGCE_PROTO_PG_TYPE_H

enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_DATE = 1082,
    PG_TIMESTAMPTZ = 1184,
    PG_UUID = 2950,
    PG_XID8 = 5069,
};
enum pg_array {
    PG_BOOL_ARRAY = 1000,
    PG_BYTEA_ARRAY = 1001,
    PG_INT2_ARRAY = 1005,
    PG_INT4_ARRAY = 1007,
    PG_TEXT_ARRAY = 1009,
    PG_INT8_ARRAY = 1016,
    PG_DATE_ARRAY = 1182,
    PG_UUID_ARRAY = 2951,
};
enum { PG_EPOCH_DAYS = 10957 }; /* days from 1970-01-01 to 2000-01-01 */

#endif
