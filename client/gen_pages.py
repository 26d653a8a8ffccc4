#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completion, from the table of commands that a program prints with --describe.

    gen_pages.py TABLE.json TEMPLATE     the manual page, on standard output
    gen_pages.py TABLE.json SHELL        the completion for bash, zsh or fish

In a template `.\\" commands: NOUN...` stands for the commands of these nouns, up to `.\\" end`; what stands behind
`.\\" more: COMMAND` there is said of that command besides. A page whose name has `.zh_CN.` is of man's macros and in
Chinese, any other of mdoc's and in English. Each noun must have its place."""

import json
import pathlib
import re
import sys
import textwrap


def words_of(command):
    return command["noun"] + (" " + command["verb"] if "verb" in command else "")


def escaped(text):
    """Text of a line of roff."""
    text = re.sub(r"(?<!\S)(?=\w+-\w)", r"\\%", text.replace("\\", "\\e")).replace("-", r"\-")  # \%: not broken at hyphens
    return "\n".join(r"\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


class Page:
    """What the pages of both languages have in common: `option` says an option, `optional` what may be left out."""

    def synopsis(self, command):
        parts, either = [], False
        for option in command["arguments"] + command["options"]:
            if option["need"] == "either" and either:
                parts.append("|")
            either = option["need"] == "either"
            shown = self.option(option)
            parts.append(self.optional(shown) if option["need"] == "optional" else shown)
        parts += [self.optional(self.option({"name": "yes"}))] if command["final"] else []
        return " ".join(parts)


class English(Page):
    """Of mdoc's macros."""
    chinese = False

    @staticmethod
    def optional(shown):
        return f"Oo {shown} Oc"

    @staticmethod
    def option(option):
        value = f" Ar {option['value']}" if "value" in option else ""
        return f"Ar {option['name']}" if option["name"][0].isupper() else f"Fl -{option['name']}{value}"

    @staticmethod
    def sentences(text):
        text = text[0].upper() + text[1:]
        return [text if text.endswith(".") else text + "."]

    @staticmethod
    def paragraph(sentences):
        return [line for sentence in sentences
                for line in escaped("\n".join(textwrap.wrap(sentence, 78, break_on_hyphens=False))).split("\n")]

    @staticmethod
    def said(option):
        text = option.get("en", "")
        words = [word["word"] for word in option["words"]]
        if words:
            text += (": " if text else "") + ", ".join(words)
        if "default" in option:
            text += f"; by default {option['default']}" if words else f", by default {option['default']}"
        if "with" in option:
            text += f"; with --{option['with']}"
        return text + (f" (mingce code list {option['list']})" if "list" in option else "")

    def item(self, command, more):
        lines = [f".It Cm {words_of(command)} {self.synopsis(command)}".rstrip()]
        lines += self.paragraph(self.sentences(command["en"]) +
                                [each for note in command.get("notes_en", "").split("\n") if note for each in self.sentences(note)])
        if command["roles"]:
            lines += self.paragraph([f"Role{'s' * (len(command['roles']) > 1)}: {', '.join(command['roles'])}."])
        lines += more
        options = command["arguments"] + command["options"]
        if options:
            lines += [".Bl -tag -width Ds -compact"]
            for option in options:
                lines += [f".It {self.option(option)}", *self.paragraph(self.sentences(self.said(option)))]
            lines += [".El"]
        return lines

    def list(self, items):
        return [".Bl -tag -width Ds", *items, ".El"]


class Chinese(Page):
    """Of man's macros."""
    chinese = True

    @staticmethod
    def optional(shown):
        return f"[{shown}]"

    @staticmethod
    def option(option):
        if option["name"][0].isupper():
            return rf"\fI{escaped(option['name'])}\fR"
        value = rf" \fI{escaped(option['value'])}\fR" if "value" in option else ""
        return rf"\fB\-\-{escaped(option['name'])}\fR{value}"

    @staticmethod
    def said(option):
        text = option.get("zh", "")
        words = [word["word"] + " " + word["zh"] if option["kind"] == "choice" else f"{word['zh']}（{word['word']}）" for word in option["words"]]
        if words:
            text += ("：" if text else "") + "、".join(words)
        if "default" in option:
            zh = {word["word"]: word["zh"] for word in option["words"]}
            text += "；默认" + zh.get(option["default"], option["default"])
        if "with" in option:
            text += f"；须有 --{option['with']}"
        return text + (f"（mingce code list {option['list']}）" if "list" in option else "")

    def item(self, command, more):
        lines = [".TP 8", rf"\fB{escaped(words_of(command))}\fR {self.synopsis(command)}".rstrip(), escaped(command["zh"]) + "。"]
        lines += [escaped(note) + "。" for note in command.get("notes_zh", "").split("\n") if note]
        if command["role_words"]:
            lines += [f"办理角色：{'、'.join(command['role_words'])}。"]
        lines += more
        options = command["arguments"] + command["options"]
        if options:
            lines += [".RS", ".PD 0"]
            for option in options:
                lines += [".TP 22", self.option(option), escaped(self.said(option))]
            lines += [".PD", ".RE"]
        return lines

    def list(self, items):
        return items


def page(table, path):
    style = Chinese() if ".zh_CN." in path else English()
    rest, out, nouns, more, name = [*table["commands"]], [], None, {}, None
    for line in pathlib.Path(path).read_text("utf-8").split("\n"):
        directive = re.match(r'\.\\" (commands|more|end)(?:: (.*))?$', line)
        if directive is None:
            (out if name is None else more[name]).append(line)
        elif directive[1] == "commands":
            nouns, more, name = directive[2].split(), {}, ""
            more[name] = []
        elif directive[1] == "more":
            name = directive[2]
            more[name] = []
        else:
            mine = [command for command in rest if command["noun"] in nouns]
            mine.sort(key=lambda command: nouns.index(command["noun"]))
            unknown = more.keys() - {words_of(command) for command in mine} - {""}
            if unknown or {command["noun"] for command in mine} != set(nouns):
                raise SystemExit(f"{path}: no such commands: {sorted(unknown) or nouns}")
            out += style.list([each for command in mine for each in style.item(command, more.get(words_of(command), []))])
            rest, name = [command for command in rest if command not in mine], None
    if rest:
        raise SystemExit(f"{path}: these have no place: {[words_of(command) for command in rest]}")
    return "\n".join(out)


# ---- completion ----

FILES = {"file", "new-file", "list-file"}
BASH = """# SPDX-License-Identifier: Apache-2.0
# Completion of {program} for bash, from its table of commands.
_{function}()
{{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} noun= verb= known at
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; at++)); do
        case ${{COMP_WORDS[at]}} in
        --profile|--format) ((at++)) ;;
        -*) ;;
        *) if [[ -z $noun ]]; then noun=${{COMP_WORDS[at]}}; elif [[ -z $verb ]]; then verb=${{COMP_WORDS[at]}}; fi ;;
        esac
    done
    case $noun in
    {alone}) verb= ;;
    esac
    case $noun/$verb/$before in
{values}
    //--format) known="table json csv xlsx" ;;
    */--format) known="table json" ;;
    */--profile) known=$(cd "${{MINGCE_PROFILES:-$HOME/.config/mingce}}" 2>/dev/null && printf '%s\\n' *) ;;
    *) case $noun/$verb in
    /) known="{nouns} --help --version{common}" ;;
{options}
{verbs}
    esac ;;
    esac
    case $known in
    FILES) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    DIRECTORIES) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$known" -- "$word")
       [[ $word == -* ]] || ((${{#COMPREPLY[@]}})) || {{ compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"); }} ;;
    esac
}}
complete -F _{function} {program}
"""


ZSH = """#compdef {program}
# SPDX-License-Identifier: Apache-2.0
# Completion of {program} for zsh, from its table of commands.
local word=${{words[CURRENT]}} before=${{words[CURRENT-1]}} noun= verb= known= at
for ((at = 2; at < CURRENT; at++)); do
    case ${{words[at]}} in
    --profile|--format) ((at++)) ;;
    -*) ;;
    *) if [[ -z $noun ]]; then noun=${{words[at]}}; elif [[ -z $verb ]]; then verb=${{words[at]}}; fi ;;
    esac
done
case $noun in
{alone}) verb= ;;
esac
case $noun/$verb/$before in
{values}
    //--format) known="table json csv xlsx" ;;
    */--format) known="table json" ;;
    */--profile) known=$(cd "${{MINGCE_PROFILES:-$HOME/.config/mingce}}" 2>/dev/null && printf '%s\\n' *(N)) ;;
    *) case $noun/$verb in
    /) known="{nouns} --help --version{common}" ;;
{options}
{verbs}
    esac ;;
esac
case $known in
FILES) _files ;;
DIRECTORIES) _files -/ ;;
*) compadd -- ${{=known}} || [[ $word == -* ]] || _files ;;
esac
"""
FISH = """# SPDX-License-Identifier: Apache-2.0
# Completion of {program} for fish, from its table of commands.

# Whether the words before the cursor have this noun and verb ("" for none).
function __{function}_at
    set -l words (commandline -opc)
    set -l found
    set -l skip
    for word in $words[2..]
        if test -n "$skip"
            set skip
        else if contains -- $word --profile --format
            set skip yes
        else if not string match -q -- '-*' $word
            set -a found $word
        end
    end
    if test (count $found) -gt 0; and contains -- $found[1] {alone_words}
        set found $found[1] ''
    end
    test "$found[1]/$found[2]" = "$argv[1]"
end

function __{function}_profiles
    set -l folder $HOME/.config/mingce
    set -q MINGCE_PROFILES; and set folder $MINGCE_PROFILES
    test -d $folder; and for file in $folder/*
        string replace -r '.*/' '' -- $file
    end
end

set -l said $LC_ALL $LC_MESSAGES $LANG
complete -c {program} -e
complete -c {program} -l help -s h
{common}
if string match -q 'zh*' -- $said[1]
{zh}
else
{en}
end
"""


def value_words(option):
    if option["kind"] in FILES:
        return "FILES"
    return "DIRECTORIES" if option["kind"] == "directory" else " ".join(word["word"] for word in option["words"])


def completion(table, shell):
    """By cases of noun/verb/word before, which bash and zsh read alike."""
    common = (" --profile" if table["profiles"] else "") + " --format --json --no-pager --progress=json"
    nouns, values, options, verbs = {}, [], [], []
    for command in table["commands"]:
        nouns.setdefault(command["noun"], []).append(command.get("verb"))
        place = f"{command['noun']}/{command.get('verb', '')}"
        values += [f'    {place}/--{option["name"]}) known="{value_words(option)}" ;;' for option in command["options"]
                   if "value" in option]
        if any(option["kind"] == "list-file" for option in command["options"]):
            values.append(f'    {place}/--format) known="table json csv xlsx" ;;')
        known = [f"--{option['name']}" for option in command["options"]] + ["--yes"] * command["final"] + [word["word"] for option in command["arguments"] for word in option["words"]]
        options.append(f'    {place}) known="{" ".join([*known, "--help"])}{common}" ;;')
    for noun, has in nouns.items():
        if None not in has:
            verbs.append(f'    {noun}/*) known="{" ".join(has)} --help" ;;')
    alone = "|".join(noun for noun, has in nouns.items() if None in has) or "''"
    return shell.format(program=table["program"], function=table["program"].replace("-", "_"), nouns=" ".join(nouns), alone=alone,
                        common=common, values="\n".join(values), options="\n".join(options), verbs="\n".join(verbs))


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_line(table, place, words, text=None):
    at = f"__{table['program'].replace('-', '_')}_at {place}"
    return f"    complete -c {table['program']} -n {quoted(at)} {words}" + (f" -d {quoted(text)}" if text else "")


def fish_option(option):
    if "value" not in option:
        return f"-f -l {option['name']}"
    if option["kind"] in FILES:
        return f"-r -F -l {option['name']}"
    if option["kind"] == "directory":
        return f"-x -a '(__fish_complete_directories)' -l {option['name']}"
    words = value_words(option)
    return f"-x -l {option['name']}" + (f" -a {quoted(words)}" if words else "")


def fish_lines(table, language):
    """What is said of every noun, verb and option, in a language."""
    lines, nouns = [], {}
    for command in table["commands"]:
        noun, verb = command["noun"], command.get("verb")
        if noun not in nouns:
            lines.append(fish_line(table, "/", f"-f -a {noun}", None if verb else command[language]))
        nouns.setdefault(noun, []).append(verb)
        if verb:
            lines.append(fish_line(table, f"{noun}/", f"-f -a {verb}", command[language]))
        place = f"{noun}/{verb or ''}"
        lines += [fish_line(table, place, fish_option(option), option[language]) for option in command["options"]]
        lines += [fish_line(table, place, "-x -l format -a 'csv xlsx'")] * any(option["kind"] == "list-file" for option in command["options"])
        lines += [fish_line(table, place, "-f -l yes")] * command["final"]
        words = [word["word"] for option in command["arguments"] for word in option["words"]]
        files = any(option["kind"] in FILES | {"directory"} for option in command["arguments"])
        if words or not files:
            lines.append(fish_line(table, place, "-f" + (f" -a {quoted(' '.join(words))}" if words else "")))
    return lines, [noun for noun, verbs in nouns.items() if None in verbs]


def fish(table):
    program, function = table["program"], table["program"].replace("-", "_")
    common = [f"complete -c {program} -x -l format -a 'table json'", f"complete -c {program} -f -l json", f"complete -c {program} -f -l no-pager", f"complete -c {program} -x -l progress -a json", f"complete -c {program} -f -n '__{function}_at /' -l version"]
    if table["profiles"]:
        common.append(f"complete -c {program} -x -l profile -a '(__{function}_profiles)'")
    zh, alone = fish_lines(table, "zh")
    en, _ = fish_lines(table, "en")
    return FISH.format(program=program, function=function, alone_words=" ".join(alone) or "''", common="\n".join(common), zh="\n".join(zh),
                       en="\n".join(en))


SHELLS = {"bash": lambda table: completion(table, BASH), "zsh": lambda table: completion(table, ZSH), "fish": fish}


def main(table, what):
    table = json.loads(pathlib.Path(table).read_text("utf-8"))
    print(SHELLS[what](table) if what in SHELLS else page(table, what), end="")


main(*sys.argv[1:])
