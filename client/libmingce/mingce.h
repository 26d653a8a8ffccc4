/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmingce: calls to a mingced over mutual TLS. Calls block. There is one connection, with any number of calls in flight, and only one
 * thread may use it at a time. A call that the network or a restart of the server breaks is repeated until `patience_ms` is over, a
 * write under the request id that it began with.
 *
 * The caller ignores SIGPIPE. Messages are those of proto/ (mingce/proto/NAME.pb-c.h).
 *
 *     struct mingce *server = mingce_open(&options, &error);
 *     struct mingce_call *call = mingce_begin(server, "class.open", &request.base, request_id, &error);
 *     ProtobufCMessage *answer = mingce_wait(server, call, &mingce__v1__class_open_response__descriptor, &error);
 */
#ifndef MINGCE_H
#define MINGCE_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum mingce_status {
    MINGCE_OK,
    MINGCE_REFUSED,     /* the server has answered with an error */
    MINGCE_UNREACHABLE, /* no answer came in time; a write may have happened: repeat it with its request id */
    MINGCE_LOCAL,       /* nothing was sent, because of a file, a lack of memory or the size of the request */
};

/* What went wrong. The sentences say what to do next and never contain a value of the request. */
struct mingce_error {
    enum mingce_status status;
    int code;        /* MINGCE_REFUSED: Mingce__V1__Code */
    char reason[64]; /* stable, lower-case-with-hyphens */
    char zh[512];    /* one sentence each */
    char en[512];
    char field[64];   /* the field of the request, or several with commas; "": none */
    char detail[256]; /* a file, an address or a message of the TLS library; "": none */
};

struct mingce_options {
    const char *server;      /* "host:port" */
    const char *server_name; /* expected in the server's certificate; NULL: the host */
    const char *ca;          /* PEM files: the server's authority, */
    const char *certificate; /* the operator's certificate chain, */
    const char *key;         /* and its private key */
    uint32_t patience_ms;    /* how long a call is repeated before it fails; 0: 60,000 */
};

enum { MINGCE_REQUEST_ID = 16 };

struct mingce;
struct mingce_call;

/* Connects and waits for the server's Hello. NULL: `error` says why not. */
struct mingce *mingce_open(const struct mingce_options *, struct mingce_error *);
void mingce_close(struct mingce *); /* also frees the calls that nobody waited for; NULL does nothing */

/* The last Hello (proto/wire.proto), valid until the next call of this library. */
const struct Mingce__V1__Hello *mingce_hello(const struct mingce *);

/* A fresh random request id for a write. */
void mingce_request_id(uint8_t request_id[MINGCE_REQUEST_ID]);

/* Packs the request and queues it; `request_id` is NULL for a read. The caller may free the message at once. NULL: `error` says why not. */
struct mingce_call *mingce_begin(struct mingce *, const char *method, const ProtobufCMessage *request,
                                 const uint8_t *request_id, struct mingce_error *);
/* Waits for the answer and frees the call. The caller frees the message with protobuf_c_message_free_unpacked(…, NULL). NULL: `error` says
 * why there is none. */
ProtobufCMessage *mingce_wait(struct mingce *, struct mingce_call *,
                              const ProtobufCMessageDescriptor *response, struct mingce_error *);
/* The receipt that came with the write last waited for (proto/wire.proto), valid until the next wait; NULL: none did. */
const struct Mingce__V1__Receipt *mingce_receipt(const struct mingce *);
/* Does both. */
ProtobufCMessage *mingce_call(struct mingce *, const char *method, const ProtobufCMessage *request,
                              const uint8_t *request_id, const ProtobufCMessageDescriptor *response,
                              struct mingce_error *);

#ifdef __cplusplus
}
#endif

#endif
