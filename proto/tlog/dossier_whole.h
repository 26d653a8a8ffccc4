/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a dossier's rows are those of its claim or project: all of them, each once, as they became last, each step with its entry. */
#ifndef MINGCE_PROTO_DOSSIER_WHOLE_H
#define MINGCE_PROTO_DOSSIER_WHOLE_H

#include "proto/audit.pb-c.h"
#include "proto/dossier.pb-c.h"

enum dossier_fault {
    DOSSIER_GOOD,
    DOSSIER_ROW_UNKNOWN,   /* it cannot be understood */
    DOSSIER_ROW_UNLOGGED,  /* no entry has it */
    DOSSIER_ROW_CHANGED,   /* an entry changed it since */
    DOSSIER_ROW_TWICE,     /* it is there twice */
    DOSSIER_ROW_FOREIGN,   /* it is not this claim's */
    DOSSIER_STEP_UNLOGGED, /* of a step: the entry of its decision is missing */
    DOSSIER_STEPS,         /* not every step of one claim */
    DOSSIER_ROWS,          /* of a table: too few or too many */
    DOSSIER_AMOUNTS,       /* the amounts and standards do not come to the claim's */
    DOSSIER_MEMORY,        /* there is not enough memory to say */
    PACK_ROW_FOREIGN,      /* it is not this project's */
    PACK_STEPS,            /* not every step of one project */
    PACK_ROWS,             /* of a table: too few or too many */
    PACK_HEADS,            /* the heads do not come to the project's numbers and total */
    PACK_PLACES,           /* a head that counts lacks a place, or one that does not has one */
    PACK_RUNS,             /* a verification is not what it found of the heads */
    PACK_TRANCHES,         /* the tranches do not come to what the project was granted and paid */
    PACK_PAYMENTS,         /* a charge or a line of a batch is not its tranche's amount */
};

struct dossier_finding {
    enum dossier_fault fault;
    Mingce__V1__RowTable table; /* that it is about, where it is about one */
    unsigned nth;               /* which row of that table, from 1; 0: none of them */
};

/* Entries as they were unpacked, in the dossier's order. The first fault that is found. */
struct dossier_finding dossier_whole(const Mingce__V1__Dossier *, Mingce__V1__AuditEntry *const *entries);

#endif
