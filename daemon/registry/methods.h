/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the methods of proto/methods.proto have here, by name: of each request message its valid and bind, of each function
 * of the database its statement and render. So ClassStateRequest, of three methods that call api.class_amend(), has
 * class_state_valid and class_state_bind; class_amend_statement and class_amend_render it shares with ClassAmendRequest.
 */
#ifndef MINGCE_REGISTRY_METHODS_H
#define MINGCE_REGISTRY_METHODS_H

#include "daemon/rpc/method.h"

#define REQUEST(request)                                                                                     \
    enum reason request##_valid(struct call *);                                                              \
    void request##_bind(struct call *, struct set *);
#define FUNCTION(function)                                                                                   \
    extern const struct statement function##_statement;                                                      \
    enum reason function##_render(struct call *, const struct rows *, ProtobufCMessage *);
#include "proto/methods.def"

#endif
