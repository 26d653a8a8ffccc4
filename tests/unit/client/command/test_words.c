/* SPDX-License-Identifier: Apache-2.0 */
/* Every number that a message may hold has its word in a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "client/cli/command/words.h"
#include "proto/audit.pb-c.h"
#include "proto/certificate.pb-c.h"
#include "proto/claim.pb-c.h"
#include "proto/class.pb-c.h"
#include "proto/operator.pb-c.h"
#include "proto/organisation.pb-c.h"
#include "proto/person.pb-c.h"
#include "proto/standard.pb-c.h"
#include "proto/training.pb-c.h"
#include "proto/wire.pb-c.h"

static const struct {
    enum word_kind kind;
    const ProtobufCEnumDescriptor *numbers;
} tables[] = {
    {WORD_KIND, &mingce__v1__organisation_kind__descriptor},
    {WORD_STATUS, &mingce__v1__organisation_status__descriptor},
    {WORD_ROLE, &mingce__v1__role__descriptor},
    {WORD_LEVEL, &mingce__v1__skill_level__descriptor},
    {WORD_STATE, &mingce__v1__class_state__descriptor},
    {WORD_OUTCOME, &mingce__v1__outcome__descriptor},
    {WORD_OPERATOR_STATUS, &mingce__v1__operator_status__descriptor},
    {WORD_CHANGE, &mingce__v1__change_kind__descriptor},
    {WORD_DECISION, &mingce__v1__change_decision__descriptor},
    {WORD_ATTENDANCE, &mingce__v1__attendance_state__descriptor},
    {WORD_RESULT, &mingce__v1__training_result__descriptor},
    {WORD_PURPOSE, &mingce__v1__purpose__descriptor},
    {WORD_DOCUMENT_STATE, &mingce__v1__document_state__descriptor},
    {WORD_AMEND, &mingce__v1__amend_kind__descriptor},
    {WORD_CONFLICT, &mingce__v1__conflict_decision__descriptor},
    {WORD_SUBSIDY_LINE, &mingce__v1__subsidy_line__descriptor},
    {WORD_CERTIFICATE_KIND, &mingce__v1__certificate_kind__descriptor},
    {WORD_MOVED, &mingce__v1__moved_day__descriptor},
    {WORD_CERTIFICATE_STATE, &mingce__v1__certificate_state__descriptor},
    {WORD_ROUTE, &mingce__v1__claim_route__descriptor},
    {WORD_CLAIM_STATE, &mingce__v1__claim_state__descriptor},
    {WORD_CLAIM_ACTION, &mingce__v1__claim_action__descriptor},
    {WORD_FACT, &mingce__v1__fact__descriptor},
    {WORD_ANSWER, &mingce__v1__fact_answer__descriptor},
};

static void every_number_has_its_word(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
        for (unsigned j = 0; j < tables[i].numbers->n_values; j++) {
            const ProtobufCEnumValue *value = &tables[i].numbers->values[j];
            if (strcmp(word_stable(tables[i].kind, value->value), "?") == 0)
                fail_msg("%s has no word", value->name);
        }
}

/* What programs read of an outcome is its name in proto/audit.proto. */
static void an_outcome_is_called_by_its_name(void **state)
{
    (void) state;
    const ProtobufCEnumDescriptor *outcomes = &mingce__v1__outcome__descriptor;
    for (unsigned i = 0; i < outcomes->n_values; i++) {
        char name[64] = {0};
        const char *symbol = outcomes->values[i].name + strlen("OUTCOME_");
        for (size_t n = 0; symbol[n] != '\0' && n + 1 < sizeof(name); n++)
            name[n] = (char) (symbol[n] == '_' ? '-' : tolower(symbol[n]));
        assert_string_equal(word_stable(WORD_OUTCOME, outcomes->values[i].value), name);
    }
}

/* What a title or a form says is accepted, too. */
static void other_words_in_use_are_known(void **state)
{
    (void) state;
    assert_int_equal(word_number(WORD_PROPOSAL, "批准"), word_number(WORD_PROPOSAL, "in-force"));
    assert_int_equal(word_number(WORD_MODE, "面授"), word_number(WORD_MODE, "offline"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_has_its_word),
        cmocka_unit_test(other_words_in_use_are_known),
        cmocka_unit_test(an_outcome_is_called_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
