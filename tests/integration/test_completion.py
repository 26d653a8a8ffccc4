# SPDX-License-Identifier: Apache-2.0
"""What zsh and fish offer at the end of a line, by the files that are made from the table of commands (bash: test_cli_words.py)."""

import json
import os
import subprocess

import pytest
from conftest import ROOT

FILES = ROOT / "build" / "completion"
# compadd and _files are zsh's own: here they print what they were given.
ZSH = """
fpath=({files} $fpath); autoload -U _mingce
compadd() {{ local one all=(); shift; for one in "$@"; do [[ $one == $prefix* ]] && all+=($one); done; print -rn -- "$all"; (($#all)) }}
_files() {{ print -rn -- "FILES $*" }}
while IFS= read -r line; do
    eval "words=($line)"; CURRENT=$#words prefix=$words[-1]
    _mingce; print
done
"""
FISH = """
set -g fish_complete_path
source {files}/mingce.fish
while read -l line
    complete -C (string replace -r " ''\\$" ' ' -- $line) | string replace -r '\\t.*' '' | string join ' '
    test $pipestatus[1] -eq 0; or true
end
"""
SCRIPTS = {"zsh": ["zsh", "-f", "-c", ZSH], "fish": ["fish", "--no-config", "-c", FISH]}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return json.loads(subprocess.run([ROOT / "build/bin/mingce", "--describe"], check=True, capture_output=True, text=True).stdout)["commands"]


@pytest.fixture(params=SCRIPTS)
def shell(request, tmp_path):
    """What a shell offers at the end of each of several lines: as a list of sets."""
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "reviewer").touch()
    (tmp_path / "clerk").touch()

    def run(*lines, locale="C.UTF-8"):
        *command, script = SCRIPTS[request.param]
        done = subprocess.run([*command, script.format(files=FILES)], input="".join(line + "\n" for line in lines), cwd=tmp_path, check=True,
                              capture_output=True, text=True, timeout=300,
                              env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": locale, "MINGCE_PROFILES": str(profiles)})
        assert done.stderr == ""
        return [set(line.split()) for line in done.stdout.splitlines()]

    run.name = request.param
    return run


def test_every_command_and_option_is_known(shell, table):
    named = [(row["noun"], row.get("verb"), {"--" + option["name"] for option in row["options"]} | ({"--yes"} if row["final"] else set())) for row in table]
    assert len(named) > 100
    nouns, *offered = shell("mingce ''", *(f"mingce --profile x {noun} {verb or ''} --" for noun, verb, _ in named))
    assert nouns >= {noun for noun, _, _ in named}
    for (noun, verb, options), offer in zip(named, offered, strict=True):
        assert offer == options | {"--help", "--profile", "--format", "--json", "--no-pager", "--progress" if shell.name == "fish" else "--progress=json"}, (noun, verb)


def test_verbs_words_files_and_profiles(shell, table):
    classes = {row["verb"] for row in table if row["noun"] == "class"}
    assert shell("mingce class o", "mingce code list occ", "mingce class open --mode ''", "mingce whoami --profile ''",
                 "mingce claim list --format ''", "mingce claim show --format ''") == [
        {"open"}, {"occupations"}, {"offline", "online", "blended"}, {"reviewer"}, {"table", "json", "csv", "xlsx"}, {"table", "json"}]
    [verbs] = shell("mingce class ''")
    assert classes <= verbs
    [files] = shell("mingce roster import c")
    assert files == ({"clerk"} if shell.name == "fish" else {"FILES"})


def test_nothing_is_asked_of_a_server(table):
    """The files call no program but the shell's own."""
    for name in ("mingce", "_mingce", "mingce.fish", "mingce-witness", "_mingce-witness", "mingce-witness.fish"):
        lines = [line.strip() for line in (FILES / name).read_text(encoding="utf-8").splitlines()]
        assert not [line for line in lines if line.startswith(("mingce ", "mingce-witness ")) or "$(mingce" in line or "(mingce" in line], name


def test_fish_describes_in_the_locales_language():
    for locale, said in (("zh_CN.UTF-8", "开班"), ("C.UTF-8", "")):
        done = subprocess.run(["fish", "--no-config", "-c", f"source {FILES}/mingce.fish; complete -C 'mingce class o'"], capture_output=True, text=True,
                              check=True, timeout=60, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": locale})
        assert ("开班" in done.stdout) == bool(said) and done.stdout.startswith("open\t"), done
