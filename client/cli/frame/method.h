/* SPDX-License-Identifier: Apache-2.0 */
/* The methods, as who calls them needs to know them: proto/methods.proto. */
#ifndef MINGCE_CLI_METHOD_H
#define MINGCE_CLI_METHOD_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct method {
    const char *name;
    const ProtobufCMessageDescriptor *response;
    uint32_t roles; /* a bit for each role that may ask for it, as wire.proto numbers them */
    bool writes;    /* it takes a request id, and its answer has a receipt */
};

/* The method of that name, which is one of methods.proto. */
const struct method *method_declared(const char *name);

#endif
