/* SPDX-License-Identifier: Apache-2.0 */
/* The method table says nothing that its statements, messages or roles contradict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/methods.h"
#include "daemon/registry/outcome.h"
#include "proto/wire.pb-c.h"

static void methods_are_ordered_and_unique(void **state)
{
    (void) state;
    for (size_t i = 1; i < methods_n; i++)
        assert_true(strcmp(methods[i - 1].name, methods[i].name) < 0);
}

static void every_statement_is_prepared(void **state)
{
    (void) state;
    for (size_t i = 0; i < methods_n; i++) {
        size_t found = 0;
        for (size_t j = 0; j < method_statements_n; j++)
            found += method_statements[j] == methods[i].statement;
        assert_int_equal(found, 1);
    }
}

static const struct column reads_first[] = {METHOD_READ_FIRST(COLUMN_ROW)};
static const struct column looks_first[] = {METHOD_LOOK_FIRST(COLUMN_ROW)};
static const struct column writes_first[] = {METHOD_WRITE_FIRST(COLUMN_ROW)};

static void parameters_begin_with_the_engine_s_own(void **state)
{
    (void) state;
    static const struct columns first[] = {[METHOD_READS] = COLUMNS(reads_first),
                                           [METHOD_LOOKS] = COLUMNS(looks_first),
                                           [METHOD_WRITES] = COLUMNS(writes_first)};
    for (size_t i = 0; i < methods_n; i++) {
        const struct columns *wanted = &first[methods[i].effect], *has = &methods[i].statement->parameters;
        assert_true(has->n >= wanted->n);
        for (size_t j = 0; j < wanted->n; j++) {
            assert_string_equal(has->each[j].name, wanted->each[j].name);
            assert_int_equal(has->each[j].type, wanted->each[j].type);
        }
    }
}

/* The store hands rows out by it. */
static void a_set_has_room_for_every_parameter(void **state)
{
    (void) state;
    for (size_t i = 0; i < method_statements_n; i++)
        assert_in_range(method_statements[i]->parameters.n, 1, STATEMENT_COLUMNS);
}

static void results_begin_with_req(void **state)
{
    (void) state;
    for (size_t i = 0; i < method_statements_n; i++) {
        const struct columns *result = &method_statements[i]->result;
        assert_true(result->n > RESULT_REQ);
        assert_string_equal(result->each[RESULT_REQ].name, "req");
        assert_int_equal(result->each[RESULT_REQ].type, COLUMN_INT4);
    }
}

/* Which of the parameters says whose a row is, is known by its place alone. */
static void rows_begin_with_row_req(void **state)
{
    (void) state;
    for (size_t i = 0; i < method_statements_n; i++) {
        const struct statement *statement = method_statements[i];
        for (size_t j = 0; j < statement->parameters.n; j++)
            assert_int_equal(strcmp(statement->parameters.each[j].name, "row_req") == 0,
                             statement->rows > 0 && j == statement->rows);
    }
}

static bool begins(const char *name, const char *noun)
{
    return strncmp(name, noun, strlen(noun)) == 0;
}

static void administrators_reach_no_business_method(void **state)
{
    (void) state;
    const uint32_t sysadmin = 1U << MINGCE__V1__ROLE__ROLE_SYSADMIN;
    const uint32_t secadmin = 1U << MINGCE__V1__ROLE__ROLE_SECADMIN;
    const uint32_t auditadmin = 1U << MINGCE__V1__ROLE__ROLE_AUDITADMIN;
    for (size_t i = 0; i < methods_n; i++) {
        const char *name = methods[i].name;
        bool people = begins(name, "operator.") || begins(name, "change.");
        bool hashes = strcmp(name, "log.checkpoint") == 0 || strcmp(name, "log.tile") == 0 ||
                      strcmp(name, "log.locate") == 0 ||       /* from which nothing can be read, */
                      strcmp(name, "certificate.verify") == 0; /* or no more than was asked */
        assert_true((methods[i].roles & sysadmin) == 0 || hashes || begins(name, "organisation."));
        assert_true((methods[i].roles & secadmin) == 0 || hashes || people);
        assert_true((methods[i].roles & auditadmin) == 0 || begins(name, "audit.") || hashes ||
                    strcmp(name, "access.list") == 0 || begins(name, "log.") ||
                    (people && methods[i].effect == METHOD_READS));
    }
}

static void only_a_security_administrator_changes_operators(void **state)
{
    (void) state;
    for (size_t i = 0; i < methods_n; i++)
        if (methods[i].effect == METHOD_WRITES &&
            (begins(methods[i].name, "operator.") || begins(methods[i].name, "change.")))
            assert_int_equal(methods[i].roles, 1U << MINGCE__V1__ROLE__ROLE_SECADMIN);
}

static void an_auditor_reads_everything_and_changes_nothing(void **state)
{
    (void) state;
    for (size_t i = 0; i < methods_n; i++) {
        bool may = (methods[i].roles & 1U << MINGCE__V1__ROLE__ROLE_AUDITOR) != 0;
        assert_int_equal(may, methods[i].effect != METHOD_WRITES);
    }
}

static void every_sentence_is_a_method_s(void **state)
{
    (void) state;
    static const char *const owners[] = {
#define SENTENCE(method, symbol, zh, en) method,
#include "proto/wire/sentence.def"
#undef SENTENCE
    };
    for (size_t i = 0; i < sizeof(owners) / sizeof(*owners); i++) {
        size_t found = 0;
        for (size_t j = 0; j < methods_n; j++)
            found += strcmp(methods[j].name, owners[i]) == 0;
        assert_int_equal(found, 1);
    }
}

static void every_outcome_has_its_reason(void **state)
{
    (void) state;
    const ProtobufCEnumDescriptor *outcomes = &mingce__v1__outcome__descriptor;
    for (unsigned i = 0; i < outcomes->n_values; i++) {
        enum reason reason = outcome_reason((int16_t) outcomes->values[i].value);
        assert_int_equal(reason == REASON_NONE,
                         outcomes->values[i].value == MINGCE__V1__OUTCOME__OUTCOME_DONE);
        assert_int_not_equal(reason, REASON_STORE_FAILED);
    }
    assert_int_equal(outcome_reason(0), REASON_STORE_FAILED);
    assert_int_equal(outcome_reason(-1), REASON_STORE_FAILED);
    assert_int_equal(outcome_reason(999), REASON_STORE_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_are_ordered_and_unique),
        cmocka_unit_test(every_statement_is_prepared),
        cmocka_unit_test(parameters_begin_with_the_engine_s_own),
        cmocka_unit_test(a_set_has_room_for_every_parameter),
        cmocka_unit_test(results_begin_with_req),
        cmocka_unit_test(rows_begin_with_row_req),
        cmocka_unit_test(administrators_reach_no_business_method),
        cmocka_unit_test(only_a_security_administrator_changes_operators),
        cmocka_unit_test(an_auditor_reads_everything_and_changes_nothing),
        cmocka_unit_test(every_sentence_is_a_method_s),
        cmocka_unit_test(every_outcome_has_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
