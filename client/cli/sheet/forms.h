/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of file that is read by a form. */
#ifndef MINGCE_CLI_FORMS_H
#define MINGCE_CLI_FORMS_H

#include "client/cli/sheet/form.h"

extern const struct form roster_form, lesson_form, attendance_form, marks_form, certificate_form, claim_form,
    decision_form, ask_form, fact_form, standard_form, policy_form, calendar_form;

#endif
