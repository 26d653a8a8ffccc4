/* SPDX-License-Identifier: Apache-2.0 */
/* The person whom a row of a file names (A6). All that the row says is sent, and the registry compares it. */
#ifndef MINGCE_CLI_HOLDER_H
#define MINGCE_CLI_HOLDER_H

#include "client/cli/command/rows.h"

/* The first fields of a form whose rows are about somebody: those of a certificate's holder, then those of a class's trainee. */
enum { HOLDER_NAME, HOLDER_NUMBER, HOLDER_TYPE, HOLDER_COUNTRY, HOLDER_FIELDS };
enum { HOLDER_SEAT = HOLDER_FIELDS, HOLDER_RUNNING, TRAINEE_FIELDS };

#define HOLDER_FORM_FIELDS(named, document)                                                                  \
    {"name",                                                                                                 \
     "姓名",                                                                                                 \
     "name",                                                                                                 \
     {"姓名", "学员姓名", "参训人员姓名", "持证人姓名", "持证人", "学员", "name"},                           \
     named},                                                                                                 \
        {"document_number",                                                                                  \
         "证件号码",                                                                                         \
         "document number",                                                                                  \
         {"证件号码", "证件号", "身份证号码", "身份证号", "公民身份号码", "居民身份证号码", "身份证件号码",  \
          "身份证", "documentnumber", "idnumber"},                                                           \
         document},                                                                                          \
        {"document_type",                                                                                    \
         "证件类型",                                                                                         \
         "document type",                                                                                    \
         {"证件类型", "证件类别", "证件种类", "documenttype"},                                               \
         FORM_OPTIONAL},                                                                                     \
    {                                                                                                        \
        "issuing_country", "签发国家", "issuing country", {"签发国家", "国籍", "国家", "issuingcountry"},    \
            FORM_OPTIONAL                                                                                    \
    }
/* 序号 may only number the file's own rows, so it counts as a seat only in a row that also says who is meant. */
#define TRAINEE_FORM_FIELDS                                                                                  \
    HOLDER_FORM_FIELDS(FORM_OPTIONAL, FORM_EITHER),                                                          \
        {"seat", "班内序号", "seat", {"班内序号", "班内号", "座号", "学员序号", "seat"}, FORM_EITHER},       \
    {                                                                                                        \
        "seat", "序号", "running number", {"序号", "编号", "no", "runningnumber"}, FORM_OPTIONAL             \
    }

struct holder {
    bool has_seat;
    uint32_t seat;
    char *name, *type, *number, *country; /* owned by the file; NULL: the row does not say */
};

/* Reads what row `i` says of a holder. */
void holder_read(const struct form_file *, size_t i, struct holder *);
/* Reads what row `i` says of a trainee. A row with neither a seat nor a document is refused. False: out of memory. */
bool trainee_read(const struct form_file *, size_t i, struct judgement *, struct holder *);

/* Fills the fields that all such row messages have. */
#define HOLDER_FILL(row, holder)                                                                             \
    ((row)->name = (holder)->name, (row)->document_type = (holder)->type,                                    \
     (row)->document_number = (holder)->number, (row)->issuing_country = (holder)->country)
#define TRAINEE_FILL(row, holder)                                                                            \
    (HOLDER_FILL(row, holder), (row)->has_seat = (holder)->has_seat, (row)->seat = (holder)->seat)

#endif
