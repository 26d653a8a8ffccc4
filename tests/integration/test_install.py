# SPDX-License-Identifier: Apache-2.0
"""What `make install` lays down: the programs run, and a program of somebody else's builds against libmingce."""

import os
import pathlib
import subprocess

import pytest
from conftest import BUILD, ROOT

WHOAMI = r"""
#include <mingce/mingce.h>
#include <mingce/proto/class.pb-c.h>
#include <mingce/proto/wire.pb-c.h>
#include <signal.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct mingce_options options = {argv[1], argv[2], argv[3], argv[4], argv[5], 0};
    struct mingce_error error;
    Mingce__V1__ClassListRequest request = MINGCE__V1__CLASS_LIST_REQUEST__INIT;
    signal(SIGPIPE, SIG_IGN);
    struct mingce *server = argc == 6 ? mingce_open(&options, &error) : NULL;
    if (server == NULL)
        return 1;
    printf("%s\n", mingce_hello(server)->caller->name);
    ProtobufCMessage *answer = mingce_call(server, "class.list", &request.base, NULL,
                                           &mingce__v1__class_list_response__descriptor, &error);
    protobuf_c_message_free_unpacked(answer, NULL);
    mingce_close(server);
    return answer == NULL;
}
"""


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    run("make", "install", f"DESTDIR={folder}", "PREFIX=/usr", f"B={os.path.relpath(BUILD, ROOT)}", cwd=ROOT, env=env)
    return folder / "usr"


def test_programs_say_their_version(installed):
    assert run(installed / "bin/mingce", "--version").startswith("mingce 0.")
    assert run(installed / "bin/mingce-witness", "--version").startswith("mingce-witness 0.")
    assert run(installed / "sbin/mingced", "--version").startswith("mingced 0.")


def test_units_name_the_installed_program(installed):
    text = (installed / "lib/systemd/system/mingced.service").read_text()
    assert "ExecStart=/usr/sbin/mingced -c /etc/mingce/mingced.conf" in text and "@PREFIX@" not in text


def test_example_settings_are_the_defaults(installed):
    """And what is still missing on a machine that has only been installed is named."""
    done = subprocess.run([installed / "sbin/mingced", "-c", installed / "share/doc/mingce/mingced.conf", "--check-config"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert "workers = 1" in done.stdout
    assert done.returncode == 1 and "mingced: key_ring: No such file or directory" in done.stderr, done.stderr


def test_manual_pages_are_where_man_looks(installed):
    pages = {"man1/mingce.1": ".Dt MINGCE 1\n", "man1/mingce-witness.1": ".Dt MINGCE-WITNESS 1\n", "man5/mingced.conf.5": ".Dt MINGCED.CONF 5\n", "man8/mingced.8": ".Dt MINGCED 8\n",
             "zh_CN/man1/mingce.1": ".TH MINGCE 1 ", "zh_CN/man1/mingce-witness.1": ".TH MINGCE-WITNESS 1 "}
    man = installed / "share/man"
    assert {str(p.relative_to(man)) for p in man.rglob("*") if p.is_file()} == pages.keys()
    for page, title in pages.items():
        assert title in (man / page).read_text("utf-8")


def test_foreign_program_builds_and_calls(installed, stack, profile, tmp_path):
    (tmp_path / "whoami.c").write_text(WHOAMI)
    run("gcc", "-Wall", "-Werror", f"-I{installed}/include", "-o", tmp_path / "whoami", tmp_path / "whoami.c",
        f"-L{installed}/lib", "-lmingce", "-lprotobuf-c")
    lines = dict(line.split(" = ", 1) for line in (stack.profiles / "institution").read_text().splitlines())
    said = run(tmp_path / "whoami", lines["server"], lines["server_name"], lines["ca"], lines["certificate"], lines["key"],
               env=os.environ | {"LD_LIBRARY_PATH": str(installed / "lib")})
    assert said == "周办事\n"


def test_library_exports_its_own_names_only(installed):
    names = {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--defined-only", installed / "lib/libmingce.so.0").splitlines()}
    assert {"mingce_open", "mingce_begin", "mingce_wait"} <= names
    assert all(name.startswith(("mingce_", "MINGCE_")) for name in names), names


def test_every_message_is_installed_for_other_languages(installed):
    assert {p.name for p in (installed / "share/mingce/proto").iterdir()} == {p.name for p in (pathlib.Path(ROOT) / "proto").glob("*.proto")}
