/* SPDX-License-Identifier: Apache-2.0 */
/* What a caller needs to know of each method in proto/methods.proto. */
#ifndef MINGCE_CLI_METHOD_H
#define MINGCE_CLI_METHOD_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct method {
    const char *name;
    const ProtobufCMessageDescriptor *response;
    uint32_t roles; /* one bit for each role that may call it, by the role's number in wire.proto */
    bool writes;    /* it takes a request id, and its answer has a receipt */
};

/* Returns the method of that name. A name that methods.proto does not have is a defect of the program and ends it. */
const struct method *method_declared(const char *name);

#endif
