# SPDX-License-Identifier: Apache-2.0
"""Names that nobody resolves: a resolver that does not answer keeps no client, no scrape and no witness waiting."""

import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.request

import pytest
from conftest import stack_in
from waiting import until
from wire import connect, read_profile

HANDSHAKE_S = 5  # the resolver's own patience is twice that, for each name


pytestmark = pytest.mark.mounts


@pytest.fixture
def silent(tmp_path):
    """A name server that takes questions and says nothing; the path of a resolv.conf that names it."""
    address = f"127.{os.getpid() % 250 + 2}.{os.getpid() // 250 % 250 + 2}.53"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        path = tmp_path / "resolv.conf"
        path.write_text(f"nameserver {address}\noptions timeout:5 attempts:2\n")
        yield path, server


def wrapped(stack, resolv):
    """mingced where that file is /etc/resolv.conf."""
    wrapper = stack.folder / "mingced-without-names"
    real = os.path.realpath("/etc/resolv.conf")
    wrapper.write_text(f'#!/bin/sh\nexec unshare -m sh -c \'mount --bind "{resolv}" "{real}" && exec "$0" "$@"\' {stack.mingced} "$@"\n')
    wrapper.chmod(0o755)
    return wrapper


def test_a_resolver_that_is_silent_keeps_no_client_waiting(tmp_path, silent):
    resolv, server = silent
    with stack_in(tmp_path / "stack") as stack:
        stack.daemon_stop()
        stack.settings["database"] = "host=db1.example,db2.example user=mingced dbname=mingce"
        stack.configure()
        stack.mingced = wrapped(stack, resolv)
        stack.daemon_start(wait=False)
        server.settimeout(60)
        assert b"example" in server.recv(512).lower()  # it is being asked
        for _ in range(6):
            began = time.monotonic()
            connect(read_profile(stack.profiles / "institution")).close()  # a handshake; what it is told then is another matter
            assert time.monotonic() - began < HANDSHAKE_S
        stack.mingced = pathlib.Path(stack.binaries / "mingced")


def test_a_resolver_that_is_silent_keeps_no_scrape_waiting(tmp_path, silent):
    """The collector looks for its database and for a witness, and answers meanwhile."""
    resolv, server = silent
    with stack_in(tmp_path / "stack", log_key="", log_state="") as stack:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        subprocess.run([stack.binaries / "mingce-witness", "create-key", "witness.example/1", tmp_path / "key"], check=True, stdout=open(tmp_path / "vkey", "w"))
        (tmp_path / "witnesses").write_text("http://witness.example " + (tmp_path / "vkey").read_text())
        env = stack.environment(MINGCED_LOG_KEY=str(stack.folder / "log.key"), MINGCED_LOG_STATE=str(stack.folder / "log.checkpoint"),
                                MINGCED_WITNESSES=str(tmp_path / "witnesses"), MINGCED_METRICS_LISTEN=f"127.0.0.1:{port}",
                                MINGCED_NOTARY_DATABASE="host=db1.example,db2.example user=mingced_notary dbname=mingce")
        with open(tmp_path / "log", "wb") as log:
            process = subprocess.Popen([wrapped(stack, resolv), "-c", stack.configuration, "notary"], stdout=log, stderr=log, env=env)
        try:
            server.settimeout(60)
            assert b"example" in server.recv(512).lower()
            until(lambda: "proc=collector" in (tmp_path / "log").read_text())
            # until it has looked for its database twice and given up
            while len(re.findall(r"proc=collector pid=\d+ msg=notary-database-lost", (tmp_path / "log").read_text())) < 2:
                began = time.monotonic()
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
                    assert b"mingce_log_alarm" in answer.read()
                assert time.monotonic() - began < HANDSHAKE_S
        finally:
            process.terminate()
            assert process.wait(60) == 0
