# SPDX-License-Identifier: Apache-2.0
"""What the daemon tells its keepers: metrics in the Prometheus form, health; nothing personal."""

import http.client
import os
import pathlib
import re
import signal
import socket
import time

import pytest
import samples
from conftest import CLASS
from prometheus_client.parser import text_string_to_metric_families
from wire import Refused, Wire, connect, read_profile
from witnessing import Key
from waiting import until

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Local(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


def ask(path, what="/metrics", method="GET"):
    connection = Local(path)
    connection.request(method, what)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def samples_of(path):
    """Every sample of a scrape: {(name, labels): value}."""
    status, body = ask(path)
    assert status == 200
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in text_string_to_metric_families(body) for s in family.samples}


def value(path, name, **labels):
    return samples_of(path).get((name, tuple(sorted(labels.items()))))


@pytest.fixture
def watched(own_stack, tmp_path_factory):
    path = tmp_path_factory.mktemp("m") / "s"
    return own_stack(metrics_listen=path, workers=2, database_connections=1, database_directory="/"), path


def test_requests_are_counted_by_method_and_code(watched):
    stack, path = watched
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        number = wire.call("class.open", **CLASS).number
        wire.call("roster.import", class_number=number, row=samples.trainees(5))
        for _ in range(3):
            with pytest.raises(Refused):
                wire.call("class.show", number=1)
        with pytest.raises(Refused):
            wire.send(wire.request("audit.list"))
            raise wire.answer()[1]
        assert value(path, "mingce_requests_total", method="class.open", code="OK") == 1
        assert value(path, "mingce_requests_total", method="class.show", code="NOT_FOUND") == 3
        assert value(path, "mingce_requests_total", method="audit.list", code="FORBIDDEN") == 1
        assert value(path, "mingce_request_duration_seconds_count", method="class.show") == 3
        assert 0 < value(path, "mingce_request_duration_seconds_sum", method="class.show") < 60
        assert value(path, "mingce_connections") == 1
        assert value(path, "mingce_set_requests_sum") >= 5
        assert value(path, "mingce_workers_serving") == 2
        assert value(path, "mingce_database_connections_ready") == 2
        assert value(path, "mingce_database_free_bytes") > 0
    until(lambda: value(path, "mingce_connections") == 0)


def test_buckets_are_cumulative_and_end_at_the_count(watched):
    stack, path = watched
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        for _ in range(20):
            wire.call("class.list")
    found = samples_of(path)
    counts = [(float(dict(labels)["le"]), n) for (name, labels), n in found.items()
              if name == "mingce_request_duration_seconds_bucket" and dict(labels)["method"] == "class.list"]
    assert counts == sorted(counts) and [n for _, n in counts] == sorted(n for _, n in counts)
    assert counts[-1] == (float("inf"), 20)


def test_the_certificates_end_is_told(watched):
    stack, path = watched
    assert time.time() < value(path, "mingce_certificate_not_after_timestamp_seconds") < time.time() + 40 * 365 * 86400


def test_handshakes_that_fail_are_counted(watched):
    stack, path = watched
    before = value(path, "mingce_tls_failures_total")
    with pytest.raises(OSError):
        with connect(read_profile(stack.profiles / "institution"), certificate=False) as stranger:
            stranger.recv(1)
            raise OSError
    until(lambda: value(path, "mingce_tls_failures_total") == before + 1)


def test_counters_outlive_a_worker(watched):
    stack, path = watched
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        wire.call("class.list")
    for pid in stack.workers():
        os.kill(pid, signal.SIGKILL)
    until(lambda: value(path, "mingce_workers_serving") == 2)
    found = samples_of(path)
    assert found[("mingce_requests_total", (("code", "OK"), ("method", "class.list")))] == 1
    assert found[("mingce_worker_deaths_total", ())] == 2


def test_healthy_when_a_worker_has_its_database(watched):
    stack, path = watched
    assert ask(path, "/health") == (200, "ok\n")
    stack.postgres.stop("immediate")
    until(lambda: ask(path, "/health")[0] == 503)
    assert value(path, "mingce_database_connections_lost_total") >= 1
    stack.postgres.start()
    until(lambda: ask(path, "/health")[0] == 200)


@pytest.mark.parametrize("method, what, status", [("GET", "/", 404), ("POST", "/metrics", 501), ("GET", "/metrics/../health", 404)])
def test_nothing_else_is_answered(watched, method, what, status):
    assert ask(watched[1], what, method)[0] == status


def test_D3_nothing_personal_is_told(watched):
    stack, path = watched
    rows = samples.trainees(20)
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        wire.call("roster.import", class_number=wire.call("class.open", **CLASS).number, row=rows)
        with pytest.raises(Refused):
            wire.call("person.find", document={"document_number": samples.resident_id()})
    assert not samples.finder(samples.used)(ask(path)[1])


def test_by_default_there_is_none(own_stack):
    stack = own_stack()
    assert "metrics" not in stack.log_text()


def test_every_metric_of_the_alerts_exists(own_stack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("m")
    path = folder / "s"
    (folder / "witnesses").write_text(f"http://127.0.0.1:9 {Key(folder, 'witness.example/1', 4).vkey}\n")
    stack = own_stack(metrics_listen=path, database_directory="/", witnesses=folder / "witnesses")
    rules = (ROOT / "systemd/mingced.rules.yml").read_text()
    named = set(re.findall(r"\bmingce_[a-z_]+", rules))
    assert len(named) >= 8
    with Wire(read_profile(stack.profiles / "institution")) as wire:
        wire.call("class.list")
    known = {name for name, _ in samples_of(path)}
    assert named <= known


def test_every_alert_has_its_page_in_the_runbook():
    alerts = re.findall(r"- alert: (\w+)", (ROOT / "systemd/mingced.rules.yml").read_text())
    runbook = (ROOT / "systemd/README.md").read_text()
    assert len(alerts) >= 8
    for alert in alerts:
        assert f"### {alert}\n" in runbook, alert
