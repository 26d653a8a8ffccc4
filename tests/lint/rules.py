#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Rules are written down once, in proto/RULES.md. Every id that is cited stands there, what the programs cite is built, and a
test's name says every rule that is built: a function of Python (test_A1_...) or of cmocka (a1_...), the first cell of a table
of cases ("A1", "..."), or what a pgTAP test says ('A1: ...')."""

import pathlib
import re
import sys

RULES = pathlib.Path("proto/RULES.md")
PROGRAMS = ["client", "daemon", "file", "migrations", "proto", "systemd"]
SUFFIXES = {".c", ".h", ".def", ".proto", ".sql", ".psql", ".py", ".md", ".awk", ".sh", ".go", ".1", ".5", ".8"}
ID = r"[A-H]\d{1,2}"
CITED = re.compile(rf"(?<![\w.]){ID}(?![\w%])")  # not a mark of a pattern ('A0%'), nor a number's exponent
NAMES = {
    ".py": [re.compile(r"^def test_(\w+)", re.M), re.compile(rf'^ *\("({ID})", "', re.M)],
    ".c": [re.compile(r"^static void (\w+)\(void \*\*", re.M)],
    ".sql": [re.compile(rf"'({ID}(?:, {ID})*): ")],
}


def written():
    """({id: whether it is built}, what is wrong with the file). A row of its table is an id, or several, or from one to another."""
    text, built, wrong = RULES.read_text("utf-8"), {}, []
    for section in re.split(r"^### ", text, flags=re.M)[1:]:
        name = section.split(" ")[0]
        found = re.search(r"\bBuilt:\s+(yes|in\s+part)\.", section)
        if found is None:
            wrong.append(f"{RULES}:1: {name} does not say `Built: yes.` or `Built: in part.`")
        built[name] = True
    for cell in re.findall(rf"^\| ({ID}[^|]*) \|", text, re.M):
        for first, last in re.findall(rf"({ID})(?:–({ID}))?", cell):
            for number in range(int(first[1:]), int((last or first)[1:]) + 1):
                if built.setdefault(first[0] + str(number), False):
                    wrong.append(f"{RULES}:1: {first[0]}{number} is both built and not built")
    return built, wrong


def sources():
    paths = [path for room in PROGRAMS + ["tests"] for path in pathlib.Path(room).rglob("*") if path.suffix in SUFFIXES]
    return sorted(path for path in paths + [pathlib.Path("README.md")] if path.is_file() and path != RULES)


def ids_of_name(name):
    return {word.upper() for word in name.split("_") if re.fullmatch(ID, word, re.I)}


def main():
    built, wrong = written()
    named, cited = set(), 0
    for path in sources():
        text = path.read_text("utf-8")
        names = []
        if path.parts[0] == "tests":
            names = [name for pattern in NAMES.get(path.suffix, []) for name in pattern.findall(text)]
        found = {rule for name in names for rule in (CITED.findall(name) or ids_of_name(name))}
        named |= found
        for number, line in enumerate(text.split("\n"), 1):
            for rule in CITED.findall(line):
                cited += 1
                if rule not in built:
                    wrong.append(f"{path}:{number}: there is no rule {rule} in {RULES}")
                elif not built[rule] and path.parts[0] in PROGRAMS:
                    wrong.append(f"{path}:{number}: {RULES} says that {rule} is not built")
        wrong += [f"{path}:1: a test names {rule}, which is not in {RULES}" for rule in sorted(found - built.keys())]
    wrong += [f"{RULES}:1: no test's name says {rule}, which is built" for rule in sorted(built) if built[rule] and rule not in named]
    print("\n".join(wrong) if wrong else f"rules: {sum(built.values())} built, cited {cited} times")
    return 1 if wrong else 0


sys.exit(main())
