/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/methods.h"

#include "daemon/base/metrics.h"
#include "daemon/registry/key_check.h"
#include "daemon/registry/methods.h"
#include "daemon/rpc/rpc.h"

#define METHOD(named, asked, answered, ...)                                                                  \
    extern const ProtobufCMessageDescriptor mingce__v1__##asked##_request__descriptor,                       \
        mingce__v1__##answered##_response__descriptor;
#include "proto/methods.def"

#define ROLE(name) (1U << MINGCE__V1__ROLE__ROLE_##name)
#define METHOD(named, asked, answered, may, does, function, argued)                                          \
    {.name = (named),                                                                                        \
     .request = &mingce__v1__##asked##_request__descriptor,                                                  \
     .response = &mingce__v1__##answered##_response__descriptor,                                             \
     .roles = (may),                                                                                         \
     .effect = METHOD_##does,                                                                                \
     .statement = &function##_statement,                                                                     \
     .argument = (argued),                                                                                   \
     .valid = asked##_valid,                                                                                 \
     .bind = asked##_bind,                                                                                   \
     .render = function##_render},
const struct method methods[] = {
#include "proto/methods.def"
};
const size_t methods_n = ARRAY_SIZE(methods);
_Static_assert(ARRAY_SIZE(methods) < METRICS_METHODS, "a place for each method, and one for the others");

#define FUNCTION(function) &function##_statement,
const struct statement *const method_statements[] = {
    &key_check_statement,
    &rpc_caller_statement,
    &rpc_look_statement,
    &rpc_receipt_statement,
#include "proto/methods.def"
};
const size_t method_statements_n = ARRAY_SIZE(method_statements);
