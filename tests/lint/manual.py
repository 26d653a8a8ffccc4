#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages say what the programs know: every command with its options, every setting with its default, its
bounds and whether it waits for a restart; and nothing that there is not.

    manual.py PAGE...    the pages that are installed; what they must say is read from the tables of the sources"""

import itertools
import json
import pathlib
import re
import subprocess
import sys

SETUP, DAEMON, SETTINGS = "daemon/setup.c", "daemon/main.c", "daemon/base/settings.c"
GLOBAL = {"profile", "format", "json", "no-pager", "progress", "yes", "help", "h", "version", "o"}  # of mingce: what every command takes, and what is short for --output
MACROS = {"Ar", "Fl", "No", "Ns", "Oc", "Oo", "Op", "Pa", "Pq", "Sm", "Xo"}
TOKEN = re.compile(r'/\*.*?\*/|"((?:\\.|[^"\\])*)"|([A-Za-z_]\w*)|(\d+)|([{}(),|]|<<)|\S', re.S)


# ---- the tables of the sources ----

def rows(text, words):
    """The rows of a table as lists of cells: literals joined, names that `words` knows put in their place."""
    row, cell, depth = [], "", 0
    for match in TOKEN.finditer(text):
        literal, name, number, mark = match.groups()
        if mark in ("{", "("):
            depth, cell = depth + 1, cell if depth > 0 else ""
        elif mark in ("}", ")"):
            depth -= 1
            if depth == 0:
                yield row + [cell]
                row, cell = [], ""
        elif mark == "," and depth == 1:
            row, cell = row + [cell], ""
        elif literal is not None:
            cell += literal.replace(r"\n", "\n").replace(r"\"", '"').replace("\\\\", "\\")
        else:
            cell += words.get(name, name) if name else number or mark or ""


def table(path, name, words=()):
    """The rows of `name[] = {...};`."""
    body = re.search(r"\b" + name + r"\[\] = \{\n(.*?)^\s*\};", pathlib.Path(path).read_text("utf-8"), re.S | re.M).group(1)
    return list(rows(body, dict(words)))


def synopsis(usage):
    """A usage without what explains it."""
    return re.split(r"^ {2}\S|^$", usage, maxsplit=1, flags=re.M)[0]


def options(text):
    return set(re.findall(r"--([a-z-]+)", text))


def client_commands(program="mingce"):
    """{command: (its options, its sentence in Chinese)}, as the program's own table has them."""
    table = json.loads(subprocess.run([f"build/bin/{program}", "--describe"], stdout=subprocess.PIPE, check=True).stdout)
    return {" ".join(filter(None, (row["noun"], row.get("verb")))): ({option["name"] for option in row["options"]} | ({"yes"} if row["final"] else set()), row["zh"])
            for row in table["commands"]}


def daemon_commands():
    """Options of each. A usage names several commands with a bar between them; some are main's own."""
    main_text = pathlib.Path(DAEMON).read_text("utf-8")
    found = {name: set() for name in re.findall(r'strcmp\(argv\[optind\], "([a-z-]+)"\)', main_text)}
    for name, _, usage in table(SETUP, "commands"):
        for form in synopsis(usage).split(" | "):
            words = re.match(r"[a-z-]+( [a-z][a-z-]*)*", form.strip())
            if words.group().split()[0] != name:
                raise SystemExit(f"manual: {SETUP}: the usage of {name} begins with another name")
            found[words.group()] = options(form)
    return found


def settings():
    """{name: (default, "LEAST to MOST" or None, whether SIGHUP takes it up)}."""
    found = {}
    for row in table(SETTINGS, "table"):
        if len(row) == 2:
            found[row[0]] = ("", None, True)
        elif len(row) == 4:
            found[row[0]] = (row[1], None, row[2] == "true")
        elif len(row) == 6:
            shifted = [int(n.split("<<")[0]) << int(n.split("<<")[1]) if "<<" in n else int(n) for n in row[2:4]]
            found[row[0]] = (row[1], "{} to {}".format(*shifted), row[4] == "true")
        else:
            found[row[0]] = (row[3], None, row[6] == "true")
    return found


# ---- the pages ----

def is_argument(word):
    return word not in MACROS and re.match(r"-?\w", word) is not None


class Page:
    def __init__(self, path):
        self.path, self.wrong = path, []
        self.program = pathlib.Path(path).name.split(".")[0]
        text = pathlib.Path(path).read_text("utf-8")
        self.lines = text.replace(r"\-", "-").replace(r"\%", "").split("\n")

    def say(self, number, sentence):
        self.wrong.append(f"{self.path}:{number}: {sentence}")

    def macros(self, name):
        """(line, words) of each use of a macro, wherever in its line; the words end at the next macro."""
        for number, line in enumerate(self.lines, 1):
            words = line.split()
            for i, word in enumerate(words):
                if line.startswith(".") and (word == name or (i == 0 and word == "." + name)):
                    yield number, list(itertools.takewhile(is_argument, words[i + 1:]))

    def items(self, head, begin=None, end=None):
        """{what: (line, head, body)} of each line between two headings that goes on after `head` with what it is about."""
        found, last, inside = {}, None, begin is None
        for number, line in enumerate(self.lines, 1):
            inside = line != end and (inside or line == begin)
            if inside and line.startswith(head + " "):
                words = line[len(head):].split()
                last = " ".join(itertools.takewhile(lambda word: word not in MACROS, words))
                if last in found:
                    self.say(number, f"`{last}` is there twice")
                found[last] = (number, line, "")
            elif re.match(r"\.(It|El|TP|PD|S[hsHS])\b", line):
                last = None
            elif last is not None:
                found[last] = (*found[last][:2], found[last][2] + line + "\n")
        return found

    def same(self, there, expected, what):
        for name in sorted(expected - there.keys()):
            self.say(1, f"{what} `{name}` is not explained")
        for name in sorted(there.keys() - expected):
            self.say(there[name][0], f"there is no {what} `{name}`")

    def known(self, macro, names, what):
        for number, words in self.macros(macro):
            if " ".join(words) not in names:
                self.say(number, f"there is no {what} `{' '.join(words)}`")

    def known_options(self, names):
        for number, words in self.macros("Fl"):
            if words and words[0].lstrip("-") not in names:
                self.say(number, f"there is no option `{words[0]}`")
        for number, line in enumerate(self.lines, 1):
            for name in sorted(options(line) - names):
                self.say(number, f"there is no option `--{name}`")

    def commands(self, expected):
        """Each command has its item, whose head shows its options; no other is named."""
        there = self.items(".It Cm")
        self.same(there, expected.keys(), "command")
        self.known("Cm", expected.keys() | {name.split()[0] for name in expected}, "command")
        for name in there.keys() & expected.keys():
            shown = {option.lstrip("-") for option in re.findall(r"Fl (\S+)", there[name][1])}
            for option in sorted(shown ^ expected[name]):
                self.say(there[name][0], f"`{name}` {'has no' if option in shown else 'has an'} option --{option}")

    def examples(self):
        """A line that calls one of the programs names a command of it."""
        for program, names in ("mingce", client_commands()), ("mingce-witness", client_commands("mingce-witness")), ("mingced", daemon_commands()):
            for number, line in enumerate(self.lines, 1):
                call = re.search(rf"(?:^|\.Ql |[#$] ){program}(?: -\S+(?: [^-\s]\S*)?)*((?: [a-z][a-z-]*)+)", line)
                if call and not any(re.match(re.escape(name) + r"(?!\S)", call.group(1)[1:]) for name in names):
                    self.say(number, f"{program} has no command `{call.group(1)[1:]}`")


def check_client(page):
    """The page is generated (client/gen_pages.py): each command with its options, each option explained, nothing else named."""
    commands = {name: opts for name, (opts, _) in client_commands(page.program).items()}
    page.commands(commands)
    page.known_options(GLOBAL.union(*commands.values()))
    explained = {match[1] for match in (re.match(r"\.It Fl -(\S+)", line) for line in page.lines) if match}
    for option in sorted(set().union(*commands.values()) - explained):
        page.say(1, f"option `--{option}` is not explained")


def check_chinese(page):
    """Of man's macros; its sentences are those of `mingce --help`."""
    commands = client_commands(page.program)
    text = "\n".join(page.lines)
    heads = re.findall(r"^\.TP 8\n\\fB([a-z -]+)\\fR(.*)\n(.*)$", text, re.M)
    page.same({name: (1,) for name, _, _ in heads}, commands.keys(), "command")
    for name, head, sentence in heads:
        expected, zh = commands.get(name, (set(), sentence[:-1]))
        if options(head) != expected:
            page.say(1, f"`{name}` has other options: {sorted(options(head) ^ expected)}")
        if sentence != zh + "。":
            page.say(1, f"`{name}` is: {zh}")
    page.known_options(GLOBAL.union(*(opts for opts, _ in commands.values())))


def check_daemon(page):
    commands = daemon_commands()
    own = {row[0] for row in table(DAEMON, "options") if row[0] != "NULL"}
    page.commands(commands)
    page.known("Ic", settings().keys(), "setting")
    page.known_options(own.union({"c", "h"}, *commands.values()))
    for name in sorted(own - {words[0].lstrip("-") for _, words in page.macros("Fl") if words}):
        page.say(1, f"option `--{name}` is not explained")


def check_settings(page):
    expected, there = settings(), page.items(".It Ic")
    page.same(there, expected.keys(), "setting")
    page.known("Ic", expected.keys(), "setting")
    for name in there.keys() & expected.keys():
        (number, head, body), (default, bounds, reloads) = there[name], expected[name]
        shown = (re.search(r" No = ?(.*)$", head) or [None, None])[1]
        if shown != default:
            page.say(number, f"the default of {name} is `{default}`, shown as ` No = {default}`")
        if bounds is not None and not re.search(rf"\b{bounds}\b", body):
            page.say(number, f"{name} goes from {bounds}")
        if ("restart" in body) == reloads:
            page.say(number, f"{name} {'does not need' if reloads else 'needs'} a restart")


def rendered(page):
    """What the formatter warns of. Lines of Chinese break where its own macros say."""
    chinese = ["-mzh"] if ".zh_CN." in page.path else []
    done = subprocess.run(["groff", "-K", "utf8", "-mandoc", *chinese, "-T", "utf8", "-w", "w", "-z", page.path],
                          stderr=subprocess.PIPE, text=True, check=False)
    page.wrong += done.stderr.splitlines()


CHECKS = {"mingce.1": check_client, "mingce.zh_CN.1": check_chinese, "mingce-witness.1": check_client, "mingce-witness.zh_CN.1": check_chinese,
          "mingced.8": check_daemon, "mingced.conf.5": check_settings}


def main(paths):
    named = {pathlib.Path(path).name: path for path in paths}
    wrong = [f"{named[name]}:1: no check for this page: add it to tests/lint/manual.py" for name in named.keys() - CHECKS.keys()]
    wrong += [f"{name}:1: this page is not installed" for name in sorted(CHECKS.keys() - named.keys())]
    for name in sorted(CHECKS.keys() & named.keys()):
        page = Page(named[name])
        CHECKS[name](page)
        page.examples()
        rendered(page)
        wrong += page.wrong
    print("\n".join(wrong) if wrong else f"manual: {len(paths)} pages, {len(client_commands())} commands of mingce, "
          f"{len(daemon_commands())} of mingced, {len(settings())} settings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
