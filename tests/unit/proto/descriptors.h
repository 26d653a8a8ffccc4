/* SPDX-License-Identifier: Apache-2.0 */
/* Every message of proto/ (those of the .proto files; test_descriptors.c proves that none is left out). */
#ifndef MINGCE_TESTS_DESCRIPTORS_H
#define MINGCE_TESTS_DESCRIPTORS_H

#include <protobuf-c/protobuf-c.h>

#include "proto/audit.pb-c.h"
#include "proto/class.pb-c.h"
#include "proto/operator.pb-c.h"
#include "proto/organisation.pb-c.h"
#include "proto/record.pb-c.h"
#include "proto/roster.pb-c.h"
#include "proto/training.pb-c.h"
#include "proto/wire.pb-c.h"

/* Append only: the wirescan fuzz target's corpus picks by place. */
static const ProtobufCMessageDescriptor *const message_descriptors[] = {
    &mingce__v1__frame__descriptor,
    &mingce__v1__hello__descriptor,
    &mingce__v1__limits__descriptor,
    &mingce__v1__caller__descriptor,
    &mingce__v1__organisation__descriptor,
    &mingce__v1__request__descriptor,
    &mingce__v1__response__descriptor,
    &mingce__v1__goodbye__descriptor,
    &mingce__v1__error__descriptor,
    &mingce__v1__finding__descriptor,
    &mingce__v1__roster_row__descriptor,
    &mingce__v1__roster_import_request__descriptor,
    &mingce__v1__roster_import_response__descriptor,
    &mingce__v1__roster_result__descriptor,
    &mingce__v1__roster_list_request__descriptor,
    &mingce__v1__roster_list_response__descriptor,
    &mingce__v1__trainee__descriptor,
    &mingce__v1__class__descriptor,
    &mingce__v1__class_open_request__descriptor,
    &mingce__v1__class_open_response__descriptor,
    &mingce__v1__class_list_request__descriptor,
    &mingce__v1__class_list_response__descriptor,
    &mingce__v1__class_show_request__descriptor,
    &mingce__v1__class_show_response__descriptor,
    &mingce__v1__organisation_list_request__descriptor,
    &mingce__v1__organisation_list_response__descriptor,
    &mingce__v1__organisation_show_request__descriptor,
    &mingce__v1__organisation_show_response__descriptor,
    &mingce__v1__scope__descriptor,
    &mingce__v1__person_record__descriptor,
    &mingce__v1__enrolment_record__descriptor,
    &mingce__v1__operator_record__descriptor,
    &mingce__v1__audit_entry__descriptor,
    &mingce__v1__audit_record__descriptor,
    &mingce__v1__audit_list_request__descriptor,
    &mingce__v1__audit_list_response__descriptor,
    &mingce__v1__organisation_register_request__descriptor,
    &mingce__v1__organisation_register_response__descriptor,
    &mingce__v1__organisation_amend_request__descriptor,
    &mingce__v1__organisation_status_request__descriptor,
    &mingce__v1__organisation_amend_response__descriptor,
    &mingce__v1__scope_add_request__descriptor,
    &mingce__v1__scope_end_request__descriptor,
    &mingce__v1__scope_response__descriptor,
    &mingce__v1__operator__descriptor,
    &mingce__v1__certificate__descriptor,
    &mingce__v1__operator_list_request__descriptor,
    &mingce__v1__operator_list_response__descriptor,
    &mingce__v1__operator_show_request__descriptor,
    &mingce__v1__operator_show_response__descriptor,
    &mingce__v1__operator_add_request__descriptor,
    &mingce__v1__operator_certificate_request__descriptor,
    &mingce__v1__operator_roles_request__descriptor,
    &mingce__v1__operator_status_request__descriptor,
    &mingce__v1__change_proposed_response__descriptor,
    &mingce__v1__change__descriptor,
    &mingce__v1__change_list_request__descriptor,
    &mingce__v1__change_list_response__descriptor,
    &mingce__v1__change_decide_request__descriptor,
    &mingce__v1__change_decide_response__descriptor,
    &mingce__v1__row_result__descriptor,
    &mingce__v1__rows_response__descriptor,
    &mingce__v1__class_amend_request__descriptor,
    &mingce__v1__class_state_request__descriptor,
    &mingce__v1__class_amend_response__descriptor,
    &mingce__v1__lesson_add_request__descriptor,
    &mingce__v1__lesson_row__descriptor,
    &mingce__v1__lesson_remove_request__descriptor,
    &mingce__v1__lesson_remove_response__descriptor,
    &mingce__v1__lesson_list_request__descriptor,
    &mingce__v1__lesson__descriptor,
    &mingce__v1__lesson_list_response__descriptor,
    &mingce__v1__attendance_import_request__descriptor,
    &mingce__v1__attendance_row__descriptor,
    &mingce__v1__marks_import_request__descriptor,
    &mingce__v1__mark_row__descriptor,
    &mingce__v1__training_list_request__descriptor,
    &mingce__v1__training_record__descriptor,
    &mingce__v1__training_list_response__descriptor,
    &mingce__v1__roster_remove_request__descriptor,
    &mingce__v1__roster_restore_request__descriptor,
    &mingce__v1__roster_remove_response__descriptor,
};

enum { MESSAGE_DESCRIPTORS = sizeof(message_descriptors) / sizeof(*message_descriptors) };

#endif
