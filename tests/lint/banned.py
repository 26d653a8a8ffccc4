#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Functions nobody may call: unbounded, static buffers, silent errors, a shell. And a name that the formatter misreads.

    banned.py FILE..."""

import re
import sys

BANNED = {
    "strcpy strcat sprintf vsprintf stpcpy gets": "has no bound: snprintf, memcpy",
    "strncpy strncat": "leaves out the NUL or pads: snprintf, memcpy",
    "strtok": "keeps state: strsep, strcspn",
    "atoi atol atoll atof": "cannot fail: strtoul and its end pointer",
    "scanf sscanf fscanf": "overflows silently: strtoul",
    "localtime gmtime ctime asctime strerror_l": "returns a static buffer: the _r form",
    "rand srand random drand48": "is not random: RAND_bytes",
    "system popen": "runs a shell",
    "tmpnam tempnam mktemp": "races: mkstemp",
    "alloca": "has no bound: the request's arena",
}
WORDS = {word: why for words, why in BANNED.items() for word in words.split()}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(WORDS) + r")\s*\((?!\*)")
# clang-format 14 takes C for C++ (.clang-format).
MISREAD = re.compile(r"\boperator\b")
COMMENT_OR_TEXT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def bare(text):
    """The text with comments and literals blanked, its lines kept."""
    return COMMENT_OR_TEXT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def main(paths):
    wrong = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(bare(file.read()).split("\n"), 1):
                wrong += [f"{path}:{number}: {word} {WORDS[word]}" for word in CALL.findall(line)]
                if MISREAD.search(line):
                    wrong.append(f"{path}:{number}: the formatter takes operator for C++'s: another name")
    print("\n".join(wrong) if wrong else f"banned: none in {len(paths)} files")
    return 1 if wrong or not paths else 0


sys.exit(main(sys.argv[1:]))
