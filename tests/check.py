#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every test there is, as `make check` runs them. The last line is `N passed, N failed`, counted from what the
suites themselves report; a suite that ran nothing has failed. Full output of each: build/check/NAME.log."""

import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/stack"))
from postgres import Failed, Postgres
from stack import Stack

# Seconds: of a program, of a target, of the suites. They end what hangs, not what a slow machine is still at.
UNIT_S, FUZZ_S, INTEGRATION_S, INTEROP_S, FAULT_S, SOAK_S = 400, 20, 2800, 400, 1500, 4 * 3600
SUITES = ["lint", "build", "unit", "unit-asan", "sql", "integration", "interop", "fault", "fuzz"]
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0", "UBSAN_OPTIONS": "print_stacktrace=1"}


class Check:
    def __init__(self, options):
        self.folder = ROOT / options.build
        self.make = options.make
        self.fuzz_seconds = options.fuzz_seconds
        self.logs = self.folder / "check"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.passed = self.failed = 0
        self.left = []  # what suites said that they did not run

    # ---- running and counting ----

    def execute(self, command, log, seconds=None, **env):
        """(exit status, output); the output goes to the log too. A program that does not end is a failure."""
        try:
            done = subprocess.run([str(c) for c in command], cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=seconds, close_fds=False)
            status, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            status, output = -1, (late.stdout or b"") + f"\nnot done after {seconds} s\n".encode()
        return status, self.note(command, log, output)

    def note(self, command, log, output):
        """Writes the log; the output as text."""
        text = output.decode("utf-8", "replace")
        with open(self.logs / f"{log}.log", "a") as file:
            file.write(f"$ {' '.join(map(str, command))}\n{text}\n")
        return text

    def measure(self, command, log, seconds):
        """(exit status, output, seconds of a processor that it used); otherwise as execute()."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([str(c) for c in command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
                                       close_fds=False)
            late = threading.Timer(seconds, process.kill)
            late.start()
            _, status, usage = os.wait4(process.pid, 0)
            late.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = self.note(command, log, output.read())
        return process.returncode, text, usage.ru_utime + usage.ru_stime

    def suite(self, name):
        started = time.monotonic()
        (self.logs / f"{name}.log").unlink(missing_ok=True)
        try:
            passed, failures = getattr(self, name.replace("-", "_"))()
        except Failed as failed:
            passed, failures = 0, [str(failed)]
        if passed == 0 and not failures:
            failures = [f"{name}: not one test ran"]
        self.passed += passed
        self.failed += len(failures)
        self.left += self.not_run(name)
        for failure in failures:
            print(f"---- {name} ----\n{failure}", flush=True)
        print(f"{name:12} {passed:5} passed {len(failures):4} failed {time.monotonic() - started:7.1f} s", flush=True)
        return not failures

    def not_run(self, name):
        """What a suite's log says was left out, each thing once."""
        log = self.logs / f"{name}.log"
        said = re.findall(r"NOT RUN: (.*)", log.read_text()) if log.exists() else []
        return [f"{name}: {text}" + (f" ({n} times)" if (n := said.count(text)) > 1 else "") for text in dict.fromkeys(said)]

    # ---- suites: (number passed, [text of each failure]) ----

    def lint(self):
        listed = subprocess.run([self.make, "-s", "list-lints"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                                close_fds=False).stdout.split()
        failures = []
        for lint in listed:
            status, text = self.execute([self.make, "-s", "-k", f"lint-{lint}"], "lint")
            if status != 0:
                failures.append(f"lint-{lint}:\n{text[-4000:]}")
        return len(listed) - len(failures), failures

    def build(self):
        status, text = self.execute([self.make, "products", "clang", "asan", "unit-tests", "fuzzers", "bench-tool"], "build")
        return (1, []) if status == 0 else (0, [text[-6000:]])

    def unit(self):
        return self.unit_tests("gcc", "unit")

    def unit_asan(self):
        return self.unit_tests("asan", "unit-asan")

    def unit_tests(self, variant, log):
        server = Postgres(self.logs / "unit-pg")
        passed, failures = 0, []
        try:
            server.start()
            for program in sorted(self.folder.glob(f"{variant}/tests/unit/**/test_*")):
                good, wrong = self.unit_program(program, log, server)
                passed += good
                failures += wrong
        finally:
            server.remove()
        return passed, failures

    def unit_program(self, program, log, server):
        env = SANITIZERS | {"MINGCE_TEST_DATABASE": server.conninfo("postgres", "postgres"),
                            "MINGCE_TEST_REQUIRED": "1", "MINGCE_TEST_ROOT": str(ROOT)}
        status, text = self.execute([program], log, UNIT_S, **env)
        good = sum(map(int, re.findall(r"\[  PASSED  \] (\d+) test", text)))
        bad = sum(map(int, re.findall(r"\[  FAILED  \] \S+: (\d+) test", text)))
        skipped = sum(map(int, re.findall(r"\[  SKIPPED \] \S+: (\d+) test", text)))
        name = program.relative_to(self.folder)
        if status == 0 and good > 0 and bad == 0 and skipped == 0:
            return good, []
        why = f"{name}: exit {status}, {good} passed, {bad} failed, {skipped} skipped\n{text[-3000:]}"
        return good, [why] + [f"{name}: another failed test"] * (bad - 1)

    def sql(self):
        """pgTAP on a database that `mingced migrate` has made, as a site's would be."""
        stack = Stack(self.logs / "sql", self.folder / "bin")
        try:
            stack.postgres.start()
            stack.postgres.create_database()
            stack.configure()
            stack.command("migrate")
            stack.sql("CREATE EXTENSION pgtap")
            tests = sorted((ROOT / "tests/sql").glob("*.sql"))
            status, text = self.execute(
                ["pg_prove", "--verbose", "--failures", "--dbname", "mingce", *tests], "sql", INTEGRATION_S,
                PGHOST=str(stack.postgres.home), PGUSER="postgres")
        finally:
            stack.postgres.remove()
            stack.remove()
        passed = len(re.findall(r"^ok \d+", text, re.M))
        failures = re.findall(r"^not ok \d+.*(?:\n#.*)*", text, re.M)
        if status != 0 and not failures:
            failures = [text[-4000:]]
        return passed, failures

    def integration(self):
        return self.python_tests("integration", INTEGRATION_S)

    def interop(self):
        return self.python_tests("interop", INTEROP_S)

    def fault(self):
        print("fault: short forms; `make soak` takes the long ones", flush=True)
        return self.python_tests("fault", FAULT_S, MINGCE_FAULT_SEED=self.seed("fault"))

    def soak(self):
        """The long forms, one after the other: some of them measure. What they saw is said."""
        result = self.python_tests("soak", SOAK_S, folder="fault", at_once=1, MINGCE_SOAK="1",
                                   MINGCE_FAULT_SEED=self.seed("soak"))
        print("".join(re.findall(r"^test_\w+.* .*: .*\n", (self.logs / "soak.log").read_text(), re.M)), end="")
        return result

    def seed(self, suite):
        """Of its choices, which are random; it is said, and chooses the same again."""
        seed = os.environ.get("MINGCE_FAULT_SEED") or str(random.SystemRandom().randrange(10**9))
        print(f"{suite}: MINGCE_FAULT_SEED={seed}", flush=True)
        return seed

    def python_tests(self, name, seconds, folder=None, at_once=min(os.cpu_count() or 1, 4), **env):
        report = self.logs / f"{name}.xml"
        report.unlink(missing_ok=True)
        status, text = self.execute(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(at_once),
             "--dist", "loadfile", f"--junitxml={report}", f"tests/{folder or name}"],
            name, seconds, MINGCE_BUILD=str(self.folder), **SANITIZERS, **env)
        if not report.exists():
            return 0, [text[-4000:]]
        root = xml.etree.ElementTree.parse(report).getroot()
        passed, failures = 0, []
        for case in root.iter("testcase"):
            wrong = [e for e in case if e.tag in ("failure", "error", "skipped")]
            name = f"{case.get('classname')}::{case.get('name')}"
            failures += [f"{name}: {e.tag}\n{(e.text or e.get('message') or '')[-3000:]}" for e in wrong]
            passed += not wrong
        if status != 0 and not failures:
            failures = [text[-4000:]]
        return passed, failures

    def fuzz(self):
        targets = sorted(p for p in (self.folder / "fuzz/tests/fuzz").glob("fuzz_*") if p.is_file())
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # a processor each
            ended = list(pool.map(self.fuzz_target, targets))
        failures = [f"{target.name}: exit {status}\n{text[-4000:]}"
                    for target, (status, text, _) in zip(targets, ended) if status != 0]
        failures += [f"{target.name}: {cpu:.1f} s of a processor, {self.fuzz_seconds} promised: the machine is busy"
                     for target, (status, _, cpu) in zip(targets, ended) if status == 0 and cpu < self.fuzz_seconds / 2]
        used = sorted(cpu for _, _, cpu in ended)
        if used:
            print(f"fuzz: {used[0]:.1f} to {used[-1]:.1f} s of a processor for each of {len(used)} targets", flush=True)
        return len(targets) - len(failures), failures

    def fuzz_target(self, target):
        corpus = self.folder / "fuzz/corpus" / target.name
        corpus.mkdir(parents=True, exist_ok=True)
        here = ROOT / "tests/fuzz"
        name = target.name.removeprefix("fuzz_")
        seeds = [p for p in (here / "corpus" / name, here / "corpus" / target.name) if p.is_dir()]
        words = [f"-dict={p}" for p in (here / f"{name}.dict", here / f"{target.name}.dict") if p.is_file()]
        return self.measure(
            [target, f"-max_total_time={self.fuzz_seconds}", "-rss_limit_mb=1024", "-timeout=10", "-print_final_stats=1",
             f"-artifact_prefix={corpus.parent}/{target.name}-", *words[:1], corpus, *seeds],
            "fuzz", self.fuzz_seconds + 120)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", default="make")
    parser.add_argument("--build", default="build")
    parser.add_argument("--only", action="append", choices=[*SUITES, "soak"], help="just this suite; may be repeated")
    parser.add_argument("--fuzz-seconds", type=int, default=FUZZ_S)
    options = parser.parse_args()
    check = Check(options)
    for name in options.only or SUITES:
        if not check.suite(name) and name == "build":
            print("the other suites were not run: there is nothing to run them on")
            break
    if check.left:
        print("---- NOT RUN ----", *check.left, sep="\n")
    print(f"{check.passed} passed, {check.failed} failed")
    sys.exit(1 if check.failed or not check.passed else 0)


if __name__ == "__main__":
    main()
