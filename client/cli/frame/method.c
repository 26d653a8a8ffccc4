/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/frame/method.h"

#include <stdlib.h>
#include <string.h>

#include "proto/wire.pb-c.h"

enum effect { READS, WRITES, LOOKS };

#define METHOD(name, request, response, ...)                                                                 \
    extern const ProtobufCMessageDescriptor mingce__v1__##response##_response__descriptor;
#include "proto/methods.def"

#define ROLE(name) (1U << MINGCE__V1__ROLE__ROLE_##name)
#define METHOD(named, request, answered, who, does, ...)                                                     \
    {.name = (named),                                                                                        \
     .response = &mingce__v1__##answered##_response__descriptor,                                             \
     .roles = (who),                                                                                         \
     .writes = (does) == WRITES},
static const struct method methods[] = {
#include "proto/methods.def"
};

const struct method *method_declared(const char *name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    abort();
}
