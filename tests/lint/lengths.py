#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tail of function and file lengths. A function is counted from its opening to its closing brace, both alone
at the start of a line, as clang-format puts them.

    lengths.py FILE...    prints the figures; fails when one is above its bound"""

import re
import sys

MEDIAN, P95, MOST = 18, 60, 100  # lines of a function
FILE_MOST = 600


def functions(path):
    """(name, first line, lines) of each function, and the number of lines of the file."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    found, start = [], None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line.startswith("}") and start is not None:
            signature = " ".join(lines[max(0, start - 3):start])
            name = re.findall(r"(\w+)\s*\(", signature)
            found.append((name[-1] if name else "?", start + 1, number - start + 1))
            start = None
    return found, len(lines) - 1


def main(paths):
    lengths, wrong = [], []
    for path in paths:
        found, total = functions(path)
        lengths += [n for _, _, n in found]
        wrong += [f"{path}:{line}: {name} has {n} lines (most {MOST})" for name, line, n in found if n > MOST]
        if total > FILE_MOST:
            wrong.append(f"{path}:1: {total} lines (most {FILE_MOST})")
    if not lengths:
        print("lengths: no functions found")
        return 1
    lengths.sort()
    median, p95 = lengths[len(lengths) // 2], lengths[len(lengths) * 95 // 100]
    if median > MEDIAN:
        wrong.append(f"median {median} (most {MEDIAN})")
    if p95 > P95:
        wrong.append(f"95th percentile {p95} (most {P95})")
    print(f"lengths: {len(lengths)} functions in {len(paths)} files: median {median}, 95th percentile {p95}, "
          f"longest {lengths[-1]}")
    print("".join(f"{line}\n" for line in wrong), end="")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1:]))
