#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the database's functions are written (migrations/README.md): lines of at most 120 characters, bodies of at most 100 lines,
no bare number where an enum has a name for it, and no row asked whether it IS NOT NULL.

    sql.py FILE...    files of migrations/api"""

import pathlib
import re
import sys

LINE_MOST, BODY_MOST = 120, 100
# Which tables a command changes is said in a line each, which the build reads (proto/gen_changes.awk).
ROW_OF_A_COMMAND = re.compile(r" {8}WHEN '[a-z.-]+' THEN '\{[a-z_*,]+\}'")
BODY = re.compile(r"^CREATE (?:FUNCTION|PROCEDURE) ([\w.]+).*?\$\$(.*?)\$\$;", re.M | re.S)
TOKENS = re.compile(r"/\*.*?\*/|--[^\n]*|'(?:[^']|'')*'", re.S)

# A row variable: its IS NOT NULL asks every column (of who acts also human_id, which is NULL of who was registered first).
ROW_NOT_NULL = re.compile(r"\b(?:caller|acting|ledger|target|project|claim|move) IS NOT NULL")

# What only an enum's value is compared with, stored in or answered as.
CODES = (r"(?:(?:in_|its_)?(?:outcome|whole|decided|why|kind|state|status|action|route|fact|answer|result|decision|part|purpose)s?"
         r"|differs|reason)")
NUMBER = r"[1-9]\d*(?![\w.])"
BARE = [re.compile(pattern) for pattern in (
    rf"\b{CODES}(?:\[[^\]]*\])?(?:::int2)? *(?:=|<>|:=|IS (?:NOT )?DISTINCT FROM) *{NUMBER}(?! *[-+*/<])",
    rf"\b{CODES}(?:\[[^\]]*\])?(?:::int2)? (?:NOT )?IN \({NUMBER}",
    rf"\b{NUMBER} (?:=|<>) ANY \((?:in_)?{CODES}\)",
    rf"\b{NUMBER} IN \([\w.]*\b{CODES}\b",
    rf"\b(?:THEN|ELSE) {NUMBER}(?! *<<)",
    rf"\bRETURN {NUMBER}",
    rf"(?<![-\w]){NUMBER}::int2",
    rf"ARRAY\[{NUMBER}",
)]
IN_STRINGS = [re.compile(r"'\{\d+(?:, *\d+)*\}'"), re.compile(rf"\b{CODES} (?:=|<>|IN) \(?{NUMBER}")]
# Counts, factors and bits, which only look alike.
NONE = {"THEN 1 ELSE u.n", "THEN 1 ELSE -1 END", "THEN 1 ELSE 2 END) FROM registry.person_version",
        "CASE WHEN r.line <> SUBSIDY_LIVING THEN 1"}


def parts(text):
    """(offset, text, whether it is code) of what is not a comment."""
    at = 0
    for token in TOKENS.finditer(text):
        yield at, text[at:token.start()], True
        if token[0].startswith("'"):
            yield token.start(), token[0], False
        at = token.end()
    yield at, text[at:], True


def is_none(text, start, end):
    """Whether what was found is one of those that only look alike."""
    around = re.sub(r"\s+", " ", text[max(0, start - 60):end + 60])
    found = re.sub(r"\s+", " ", text[start:end])
    return any(known in around and found in known for known in NONE)


def bare(text):
    """(offset, what) of each number that should have a name."""
    for at, part, is_code in parts(text):
        for pattern in BARE if is_code else IN_STRINGS:
            for found in pattern.finditer(part):
                if not is_none(text, at + found.start(), at + found.end()):
                    yield at + found.start(), found[0]


def main(paths):
    wrong, longest, functions = [], 0, 0
    for path in paths:
        text = pathlib.Path(path).read_text("utf-8")
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LINE_MOST and not ROW_OF_A_COMMAND.fullmatch(line):
                wrong.append(f"{path}:{number}: {len(line)} characters (most {LINE_MOST})")
        for body in BODY.finditer(text):
            lines = body[2].count("\n")
            longest, functions = max(longest, lines), functions + 1
            if lines > BODY_MOST:
                wrong.append(f"{path}:{text.count(chr(10), 0, body.start()) + 1}: {body[1]} has {lines} lines (most {BODY_MOST})")
        for row in ROW_NOT_NULL.finditer(text):
            wrong.append(f"{path}:{text.count(chr(10), 0, row.start()) + 1}: `{row[0]}`: true only when no column is NULL; name one that never is")
        for offset, what in bare(text):
            wrong.append(f"{path}:{text.count(chr(10), 0, offset) + 1}: `{' '.join(what.split())}`: a value of an enum by its name")
    print("\n".join(wrong) if wrong else f"sql: {functions} functions, the longest body {longest} lines")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1:]))
