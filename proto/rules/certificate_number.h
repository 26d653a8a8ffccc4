/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of certificates: what of them is known, and whether it fits the certificate (B1). */
#ifndef MINGCE_PROTO_CERTIFICATE_NUMBER_H
#define MINGCE_PROTO_CERTIFICATE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/rules/day.h"
#include "proto/rules/document.h"
#include "proto/wire/reason.h"

enum certificate_kind {                                /* enum CertificateKind of proto/certificate.proto */
                        CERTIFICATE_QUALIFICATION = 1, /* 职业资格证书: 16 digits; 1-2 year, 11 level */
                        CERTIFICATE_SKILL_LEVEL, /* 职业技能等级证书: Y or S, 21 digits; 14-15 year, 16 level */
                        CERTIFICATE_SPECIAL_ABILITY, /* 专项职业能力证书: no form is known */
                        CERTIFICATE_TRAINING,        /* 培训合格证书: any number of the issuer's */
                        CERTIFICATE_SPECIAL_OPERATION, /* 特种作业操作证: T and the holder's resident number */
};
enum { CERTIFICATE_NUMBER_BYTES = 65 };

/* Mends (A9) a number: capitals without blanks, 1 to 64 letters, digits and '-'. REASON_NONE: in `number`. */
enum reason certificate_number_parse(const char *stated, char number[CERTIFICATE_NUMBER_BYTES]);
/* Whether a number fits its certificate: year of issue, level (code of skill_level), the holder's document ("": not known).
 * REASON_NONE: `*warning` is REASON_NONE, or says that its form is not one that is known. */
enum reason certificate_number_fits(const char *number, enum certificate_kind, day issued_on, uint32_t level,
                                    const char *document_number, enum reason *warning);
/* Whether eighteen characters of a number in its normal form are a resident's number: `resident` holds them. */
bool certificate_number_resident(const char *number, day today, struct document *resident);

#endif
