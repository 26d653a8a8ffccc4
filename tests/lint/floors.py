#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Includes go downward only. Each room names the rooms it may look into, itself always; a room may be reached only
through those. Also: which room may use which outside library, and that proto/ stays pure.

    floors.py FILE...    the sources and headers of daemon/, client/ and proto/"""

import os
import re
import sys

PROTO = {"proto", "proto/wire", "proto/rules", "proto/tlog"}
SHARED = PROTO | {"proto/file"}
BASE = SHARED | {"daemon/base"}
COMMANDS = {"client/libmingce", "client/cli/frame", "client/cli/sheet", "client/cli/command"}
BELOW_RPC = BASE | {"daemon/store", "daemon/net", "daemon/crypto"}

MAY_INCLUDE = {
    "proto": set(),
    "proto/rules": {"proto", "proto/wire"},
    "proto/wire": {"proto"},
    "proto/tlog": {"proto", "proto/wire", "proto/rules"},
    "proto/file": PROTO,
    "daemon/base": PROTO,
    "daemon/crypto": BASE,
    "daemon/net": BASE,
    "daemon/store": BASE,
    "daemon/audit": BELOW_RPC,
    "daemon/rpc": BELOW_RPC | {"daemon/audit"},
    "daemon/registry": BELOW_RPC | {"daemon/audit", "daemon/rpc"},
    "methods": BELOW_RPC | {"daemon/audit", "daemon/rpc", "daemon/registry"},
    "process": BELOW_RPC | {"daemon/audit", "daemon/rpc", "daemon/registry", "methods"},
    "notary": BELOW_RPC | {"daemon/audit", "process"},
    "setup": BELOW_RPC | {"daemon/audit"},
    "main": BASE | {"process", "setup"},
    "client/libmingce": SHARED,
    "client/cli/frame": SHARED | {"client/libmingce"},
    "client/cli/sheet": SHARED | {"client/libmingce", "client/cli/frame"},
    "client/cli/command": SHARED | {"client/libmingce", "client/cli/frame", "client/cli/sheet"},
    "client/cli/verify": SHARED | COMMANDS,
    "client/cli/noun": SHARED | COMMANDS | {"client/cli/verify"},
    "client/witness": SHARED | COMMANDS | {"client/cli/verify"},
    "client/cli": SHARED | COMMANDS,
}
# Must not be reached even through others' headers.
NEVER_MEET = [("daemon/net", "daemon/store"), ("daemon/store", "daemon/net"), ("daemon/rpc", "daemon/registry")]
PROCESSES = {"main": "main", "methods": "methods", "supervisor": "process", "worker": "process", "notary": "notary", "collector": "notary", "exposition": "process",
             "process": "process", "needs": "process", "setup": "setup"}
# Rooms whose files have floors of their own: a file may include those named before it, and never those behind it. "*" stands for
# all the files of a room that are not named; none of these may include another.
STAIRS = {
    "daemon/store": "cause schema hosts terms reach statement rows request set contract sqlstate share connection store",
    "client/cli/frame": "message method clean cli field done profile receipts call",
    "client/cli/sheet": "encoding gather markup number_format xlsx_fault archive xlsx_book xlsx sheet xlsx_whole xlsx_write cells tabs form forms",
    "client/cli/command": "near table said hex money word_table word_funds word_policies word_projects words judgement show due part option command usage shared given pager program describe ask pages "
                          "rows holder send import",
    "client/cli/verify": "file keys trust log row_set row_log row_money row_audit row_print audit receipt certificate_file verify "
                         "dossier_print dossier proof",
    "client/witness": "witness_state witness witness_answer witness_serve witness_command main",
    "client/cli/noun": "access fund_account operator proposal standard batch_file catalogue_file snapshot_head roster_file roster_judge template_field *",
}
STEPS = {room: {name: step for step, name in enumerate(names.split())} for room, names in STAIRS.items()}
# The command line sees of the library what everybody sees.
PUBLIC = {"client/libmingce": {"client/libmingce/mingce.h"}}

LIBRARIES = {
    "libpq": (r"libpq-fe\.h", {"daemon/store", "setup", "notary"}),
    "TLS": (r"openssl/ssl\.h", {"proto/file", "daemon/net", "client/libmingce"}),
    "libevent": (r"event2/", {"daemon/net", "daemon/store", "daemon/rpc", "process", "notary", "client/witness"}),
    "I/O": (r"(unistd|fcntl|poll|time|sys/(socket|stat|mman|time))\.h|event2/|openssl/(ssl|bio)\.h|libpq-fe\.h|systemd/",
            set(MAY_INCLUDE) - PROTO),
}


def room_of(path):
    if path.startswith("daemon/") and path.count("/") == 1:
        name = os.path.splitext(os.path.basename(path))[0]
        return PROCESSES.get(name) or PROCESSES.get(name.split("_")[0])
    return os.path.dirname(path)


def step_of(path, room):
    """How high a file stands in its room; a header, and what is private of it, with its source."""
    name = os.path.splitext(os.path.basename(path))[0].removesuffix("_private")
    return STEPS[room].get(name, STEPS[room].get("*"))


def in_room(path, target, room):
    """What is wrong with an include of a neighbour."""
    if room not in STEPS:
        return None
    here, there = step_of(path, room), step_of(target, room)
    if here is None or there is None:
        return f"{path if here is None else target} has no floor in {room}: STAIRS in tests/lint/floors.py"
    beside = here == STEPS[room].get("*") == there and os.path.splitext(path)[0] != os.path.splitext(target)[0]
    return f"{room}: {target} is above" if there > here else f"{room}: {target} is beside" if beside else None


def includes(path):
    """(line number, text, is ours) of each #include."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if found:
                yield number, found.group(2), found.group(1) == '"'


def check_file(path, graph):
    room = room_of(path)
    if room not in MAY_INCLUDE:
        return [f"{path}:1: no floor for this file: add its room to tests/lint/floors.py"]
    wrong = []
    for number, text, ours in includes(path):
        here = f"{path}:{number}: "
        if not ours:
            wrong += [f"{here}{room} may not use {name} ({text})" for name, (pattern, rooms) in LIBRARIES.items()
                      if re.match(pattern, text) and room not in rooms]
            continue
        target = text
        if not os.path.exists(target) and not target.startswith("proto/"):
            if os.path.exists(os.path.join(os.path.dirname(path), text)):
                target = os.path.normpath(os.path.join(os.path.dirname(path), text))
            elif not text.endswith((".inc", ".def", ".pb-c.h")):
                wrong.append(f"{here}{text} is not there, seen from the root")
                continue
        graph.setdefault(path, set()).add(target)
        other = room_of(target)
        if other == room and in_room(path, target, room):
            wrong.append(here + in_room(path, target, room))
        elif other != room and re.search(r"(_private|/internal)\.h$", target):
            wrong.append(f"{here}{text} is private to {other}")
        elif other != room and other not in MAY_INCLUDE[room]:
            wrong.append(f"{here}{room} may not include {other} ({text})")
        elif other != room and target not in PUBLIC.get(other, {target}):
            wrong.append(f"{here}{text} is private to {other}")
    return wrong


def reached(path, graph, seen):
    for target in graph.get(path, ()):
        if target not in seen:
            seen.add(target)
            reached(target, graph, seen)
    return seen


def main(paths):
    graph = {}
    wrong = [line for path in paths for line in check_file(path, graph)]
    for path in paths:
        for one, other in NEVER_MEET:
            if room_of(path) == one:
                wrong += [f"{path}:1: {one} sees {other} through its includes ({target})"
                          for target in reached(path, graph, set()) if room_of(target) == other]
    print("\n".join(wrong) if wrong else f"floors: {len(paths)} files, {sum(map(len, graph.values()))} includes downward")
    return 1 if wrong or not paths else 0


sys.exit(main(sys.argv[1:]))
