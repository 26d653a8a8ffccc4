# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest: says on a pipe what happens, for progress.py; shows the logs of the stacks that stood when a test failed;
MINGCE_TEST_ORDER=n shuffles the files, and the tests of each."""

import json
import os
import random
import sys

import pytest

LOG_TAIL = 3000  # characters



def pytest_configure(config):
    # One process tells: the one that starts the others.
    if "MINGCE_REPORT_TO" in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Teller(int(os.environ["MINGCE_REPORT_TO"])), "teller")


class Teller:
    def __init__(self, pipe):
        self.pipe = os.fdopen(os.dup(pipe), "w")
        self.seconds, self.wrong = {}, {}

    def say(self, **what):
        self.pipe.write(json.dumps(what) + "\n")
        self.pipe.flush()

    def pytest_collection_finish(self, session):
        if session.items:
            self.say(total=len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        self.say(total=len(ids))

    def pytest_runtest_logstart(self, nodeid):
        self.say(begins=nodeid)

    def pytest_runtest_logreport(self, report):
        test = report.nodeid
        self.seconds[test] = self.seconds.get(test, 0) + report.duration
        if not report.passed:
            self.wrong[test] = f"{report.when} {report.outcome}\n" + "".join(
                f"{text}\n" for text in (str(report.longrepr)[-3000:], *(f"-- {name}\n{text[-LOG_TAIL:]}" for name, text in report.sections)))
        if report.when == "teardown":
            self.say(ends=test, seconds=self.seconds.pop(test), wrong=self.wrong.pop(test, ""))

    def pytest_collectreport(self, report):
        if report.failed:
            self.say(ends=report.nodeid, seconds=0, wrong=f"{str(report.longrepr)[-3000:]}")


def pytest_collection_modifyitems(items):
    """Last of all, and alike in every process. A process takes a file at a time: the longest come first, so that none of them is
    left over when the other processes have nothing to do."""
    files = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    listed = sorted(files, key=lambda path: -path.stat().st_size)
    order = os.environ.get("MINGCE_TEST_ORDER")
    if order is not None:
        chooser = random.Random(int(order))
        chooser.shuffle(listed)
        for tests in files.values():
            chooser.shuffle(tests)
    items[:] = [item for path in listed for item in files[path]]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    stacks = sys.modules.get("stack")
    if report.failed and stacks is not None:
        for stack in stacks.standing:
            for name, path in (("mingced", stack.log), ("PostgreSQL", stack.postgres.log)):
                if path.exists():
                    report.sections.append((f"log of {name} in {stack.folder}", path.read_text(errors="replace")[-LOG_TAIL:]))
