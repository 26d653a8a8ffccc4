# SPDX-License-Identifier: Apache-2.0
"""Settings: file, environment, --check-config, and a daemon that says why it does not start."""

import socket
import subprocess

import pytest


def check(stack, path, **env):
    return subprocess.run([stack.mingced, "-c", path, "--check-config"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=stack.environment(**env))


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "mingced.conf"
        path.write_text(text)
        return path
    return write


def test_the_stacks_own_settings_are_good(stack):
    done = check(stack, stack.configuration)
    assert done.returncode == 0, done.stderr
    printed = dict(line.split(" = ", 1) for line in done.stdout.splitlines() if not line.startswith("#") and " = " in line)
    given = dict(line.split(" = ", 1) for line in stack.configuration.read_text().splitlines())
    assert {name: printed[name] for name in given} == given
    assert printed["roster_rows"] == "500"


@pytest.mark.parametrize("text, line, why", [
    ("workers = 1\n\n# fine\nworkerz = 2\n", 4, "workerz"),
    ("workers = 0\n", 1, "workers"),
    ("workers = 65\n", 1, "workers"),
    ("workers = two\n", 1, "workers"),
    ("workers = -1\n", 1, "workers"),
    ("workers = 1 # comment\n", 1, "workers"),
    ("workers =\n", 1, "workers"),
    ("workers = 99999999999999999999\n", 1, "workers"),
    ("workers 2\n", 1, "="),
    ("log_level = loud\n", 1, "log_level"),
    ("workers = 1\nworkers = 2\n", 2, "workers"),
])
def test_errors_name_file_and_line(stack, written, text, line, why):
    path = written(text)
    done = check(stack, path)
    assert done.returncode == 1
    assert f"{path}:{line}:" in done.stderr and why in done.stderr
    assert done.stdout == ""


def test_environment_overrides_the_file(stack, written):
    done = check(stack, written("workers = 2\n"), MINGCED_WORKERS="3")
    assert "workers = 3" in done.stdout.splitlines()


def test_environment_is_checked_too(stack, written):
    done = check(stack, written(""), MINGCED_WORKERS="none")
    assert done.returncode == 1 and "MINGCED_WORKERS" in done.stderr


def test_no_such_file(stack, tmp_path):
    done = check(stack, tmp_path / "nowhere.conf")
    assert done.returncode == 1 and "nowhere.conf" in done.stderr


def test_password_is_not_printed(stack, written):
    done = check(stack, written("database = host=/x user=mingced password=hunter2 dbname=mingce\n"))
    assert done.returncode == 0 and "hunter2" not in done.stdout


def test_usage(stack):
    done = subprocess.run([stack.mingced, "--no-such-option"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and "usage" in done.stderr


@pytest.mark.parametrize("setting, value", [
    ("tls_certificate", "/nonexistent.pem"),
    ("tls_key", "/dev/null"),
    ("tls_client_ca", "/dev/null"),
    ("key_ring", "/nonexistent"),
])
def test_daemon_that_cannot_serve_says_why_and_ends(stack, tmp_path, setting, value):
    path = tmp_path / "broken.conf"
    lines = [line for line in stack.configuration.read_text().splitlines() if not line.startswith(f"{setting} =")]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path.write_text("\n".join([*lines, f"{setting} = {value}", f"listen = 127.0.0.1:{port}"]) + "\n")
    done = subprocess.run([stack.mingced, "-c", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=stack.environment(), timeout=120)
    assert done.returncode == 1
    assert "msg=listening" in done.stderr, done.stderr
    assert "level=error" in done.stderr and "msg=ready" not in done.stderr
