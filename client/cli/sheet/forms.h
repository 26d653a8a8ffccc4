/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of file that is read by a form. */
#ifndef MINGCE_CLI_FORMS_H
#define MINGCE_CLI_FORMS_H

#include "client/cli/sheet/form.h"

extern const struct form roster_form, lesson_form, attendance_form, marks_form, certificate_form, claim_form,
    decision_form, ask_form, fact_form, standard_form, policy_form, calendar_form, catalogue_training_form,
    catalogue_demand_form, catalogue_institution_form, venue_form, teacher_form, snapshot_form, batch_form,
    reply_form, fund_month_form, evidence_form, tranche_form;

#endif
