# SPDX-License-Identifier: Apache-2.0
"""How far a suite is, said every ten seconds; what its tests came to, and how long each took."""

import json
import os
import threading
import time

TELL_S = 10
# Seconds of one test, its fixtures with it, on the slowest machine.
TEST_S = float(os.environ.get("MINGCE_TEST_S", 600))


class Progress:
    """Used by the threads that run a suite's tests. As a context it says where it is."""

    def __init__(self, suite):
        self.suite = suite
        self.total = None  # how many tests there are; None: not known
        self.durations = {}
        self.now = ""  # what began last
        self.failed = 0
        self._lock = threading.Lock()
        self._since = {}
        self._done = threading.Event()
        self._began = time.monotonic()
        self._told = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self):
        self._told.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._told.join()

    def begins(self, test):
        with self._lock:
            self.now = test
            self._since[test] = time.monotonic()

    def ends(self, test, good, seconds=None):
        with self._lock:
            since = self._since.pop(test, None)
            if seconds is None:
                seconds = 0 if since is None else time.monotonic() - since
            self.durations[test] = self.durations.get(test, 0) + seconds
            self.failed += not good
        if not good:
            print(f"  {self.suite}: failed: {test}", flush=True)

    def running(self):
        """{test: seconds since it began}"""
        with self._lock:
            now = time.monotonic()
            return {test: now - since for test, since in self._since.items()}

    def seconds(self):
        return time.monotonic() - self._began

    def _tell(self):
        while not self._done.wait(TELL_S):
            of = f" of {self.total}" if self.total else ""
            print(f"  {self.suite}: {len(self.durations)}{of} done, {self.failed} failed, {self.seconds():.0f} s; {self.now}", flush=True)


class Counted:
    """Counts what reporting.py writes: a JSON object a line."""

    def __init__(self, progress):
        self.progress = progress
        self.passed = 0
        self.failures = {}

    def hear(self, pipe):
        for line in pipe:
            said = json.loads(line)
            if "total" in said:
                self.progress.total = said["total"]
            elif "begins" in said:
                self.progress.begins(said["begins"])
            else:
                self.progress.ends(said["ends"], not said["wrong"], said["seconds"])
                self.passed += not said["wrong"]
                if said["wrong"]:
                    self.failures[said["ends"]] = said["wrong"]

    def stuck(self):
        """Why the suite is to be ended: a test goes on long after it should have been ended. None: it is not."""
        late = [test for test, seconds in self.progress.running().items() if seconds > 2 * TEST_S]
        return f"hung, and could not be ended: {', '.join(late)}" if late else None

    def result(self, suite, status, text):
        failures = [f"{test}: {wrong}" for test, wrong in self.failures.items()]
        unfinished = list(self.progress.running())
        if unfinished:
            failures += [f"{test}: began and did not end; {suite} ended with {status}\n{text[-3000:]}" for test in unfinished]
        done = self.passed + len(self.failures) + len(unfinished)
        if self.progress.total and done < self.progress.total:
            failures.append(f"{suite} ended early with {status}: {self.progress.total - done} tests were not run\n{text[-3000:]}")
        if status != 0 and not failures:
            failures = [text[-4000:]]
        return self.passed, failures
