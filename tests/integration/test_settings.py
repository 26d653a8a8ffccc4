# SPDX-License-Identifier: Apache-2.0
"""Settings: file, environment, --check-config, and a daemon that says why it does not start."""

import os
import signal
import socket
import subprocess

import pytest
from waiting import until


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
    assert "database = host=/x" in done.stdout and "hunter2" not in done.stdout + done.stderr


def test_usage(stack):
    done = subprocess.run([stack.mingced, "--no-such-option"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and "usage" in done.stderr


def without(stack, setting, value=None):
    """The stack's settings without one, or with another value."""
    lines = [line for line in stack.configuration.read_text().splitlines() if not line.startswith(f"{setting} =")]
    return "\n".join(lines + ([f"{setting} = {value}"] if value else [])) + "\n"


@pytest.mark.parametrize("setting", ["tls_certificate", "tls_key", "tls_client_ca", "database", "notary_database", "key_ring", "log_state"])
def test_what_is_not_set_and_needed_is_found(stack, written, setting):
    """--check-config: a site that lacks it would start and not do its work."""
    done = check(stack, written(without(stack, setting)))
    assert done.returncode == 1 and f"mingced: {setting}: " in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1 and f"{setting} = \n" in done.stdout


FILES = ["tls_certificate", "tls_key", "tls_client_ca", "key_ring", "receipt_key", "certificate_key", "log_key", "log_state"]


# A file of witnesses may be empty.
@pytest.mark.parametrize("setting, value", [("witnesses", "/nonexistent"), *((name, value) for name in FILES for value in ("/nonexistent", "/dev/null"))])
def test_a_file_that_cannot_be_used_is_found(stack, written, setting, value):
    done = check(stack, written(without(stack, setting, value)))
    assert done.returncode == 1 and f"mingced: {setting}: " in done.stderr, done.stderr


def test_keys_of_another_use_are_found(stack, written):
    done = check(stack, written(without(stack, "receipt_key", stack.folder / "log.key")))
    assert done.returncode == 1 and "mingced: receipt_key: its name does not end with /receipt" in done.stderr


def test_all_that_is_wrong_is_said_at_once(stack, written):
    done = check(stack, written("workers = 2\n"))
    assert done.returncode == 1 and "workers = 2" in done.stdout
    for setting in "tls_certificate", "tls_key", "tls_client_ca", "database", "notary_database", "key_ring":
        assert f"mingced: {setting}: " in done.stderr, done.stderr


def check_notary(stack, path):
    return subprocess.run([stack.mingced, "-c", path, "--check-config", "notary"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=stack.environment())


def test_what_the_notary_needs_by_itself(stack, written):
    kept = [line for line in stack.configuration.read_text().splitlines() if line.startswith(("notary_database", "log_"))]
    assert check_notary(stack, written("\n".join(kept) + "\n")).returncode == 0
    for left_out in kept:
        done = check_notary(stack, written("\n".join(line for line in kept if line != left_out) + "\n"))
        assert done.returncode == 1 and f"mingced: {left_out.split(' ')[0]}: " in done.stderr, (left_out, done.stderr)


def test_only_the_notary_is_checked_by_itself(stack):
    done = subprocess.run([stack.mingced, "-c", stack.configuration, "--check-config", "migrate"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=stack.environment())
    assert done.returncode == 2 and "usage" in done.stderr


def test_a_daemon_whose_workers_cannot_go_on_ends(own_stack):
    """Its key ring is gone: each worker that replaces another ends at once, which is nothing to run on with."""
    stack = own_stack()
    seen = stack.log_end()
    (stack.folder / "keys").rename(stack.folder / "gone")
    os.kill(stack.workers()[0], signal.SIGKILL)
    assert stack.daemon.wait(120) == 1
    text = stack.log_text(seen)
    assert "msg=cannot-go-on child=worker" in text and text.count("msg=key-ring-refused") > 3, text


def test_a_worker_that_is_killed_from_outside_is_replaced(own_stack):
    """However often: that is not its own doing."""
    stack = own_stack()
    for _ in range(9):
        before = stack.workers()
        os.kill(before[0], signal.SIGKILL)
        assert until(lambda: stack.workers() not in ([], before))
        if stack.daemon.poll() is not None:
            break
    assert stack.daemon.poll() is None and "cannot-go-on" not in stack.log_text()


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
