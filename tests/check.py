#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every test there is, as `make check` runs them. The last line is `N passed, N failed`, counted from what the tests themselves
report; a suite that ran nothing has failed. No suite has a clock: a single test has, generously (MINGCE_TEST_S seconds), and one that
hangs is named while the others are counted. In build/check: NAME.log, the full output of each suite; durations.txt, every test,
the slowest first; result, one line about the last whole run."""

import argparse
import concurrent.futures
import os
import pathlib
import queue
import random
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/stack"), str(ROOT / "tests/runner")]
import progress
import running
from postgres import Failed, Postgres
from prepared import share
from stack import Stack

FUZZ_S = 20  # of a processor, for each target
SUITES = ["build", "lint", "unit", "unit-asan", "sql", "integration", "interop", "fault", "fuzz"]
# What make builds for a suite that is run by itself.
NEEDS = {"lint": [], "build": [], "unit": ["unit-tests"], "unit-asan": ["unit-tests"], "sql": ["products"], "fuzz": ["fuzzers"]}
STACKED = ["products", "asan", "bench-tool"]
SANITIZERS = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0", "UBSAN_OPTIONS": "print_stacktrace=1"}
# These take what the others leave of the processors: they only compute, and the others often wait.
BESIDE = ["lint", "fuzz"]
NICE = ["nice", "-n", "19"]
PROCESSORS = os.cpu_count() or 1
AT_ONCE = min(2 * PROCESSORS, 8)  # test programs, or processes of pytest: they often wait


class Check:
    def __init__(self, options):
        self.folder = ROOT / options.build
        self.make = options.make
        self.test = options.test
        self.order = options.order
        self.fuzz_seconds = options.fuzz_seconds
        # `make check` searches the same every time, so that one commit has one result; `make fuzz` searches anew
        self.fuzz_seed = 1 if options.fuzz_seconds == FUZZ_S else 0
        self.logs = self.folder / "check"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.passed = self.failed = 0
        self.left = []  # what suites said that they did not run
        self.failures = []  # (suite, text of a failure)
        self.yields = False  # to suites that run beside this one's
        self.progress = None  # of the suite that runs
        self.durations = []  # (seconds, suite, test)

    # ---- a suite ----

    def suite(self, name):
        (self.logs / f"{name}.log").unlink(missing_ok=True)
        self.progress = progress.Progress(name)
        with self.progress:
            try:
                passed, failures = getattr(self, name.replace("-", "_"))()
            except Failed as failed:
                passed, failures = 0, [str(failed)]
        if passed == 0 and not failures:
            failures = [f"{name}: not one test ran"]
        self.passed += passed
        self.failed += len(failures)
        self.failures += [(name, failure) for failure in failures]
        self.left += self.not_run(name)
        self.durations += [(seconds, name, test) for test, seconds in self.progress.durations.items()]
        for failure in failures:
            print(f"---- {name} ----\n{failure}", flush=True)
        print(f"{name:12} {passed:5} passed {len(failures):4} failed {self.progress.seconds():7.1f} s", flush=True)
        return not failures

    def all_suites(self, options):
        """But the build, which is there."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            beside = Check(options)
            beside.yields = True
            computing = pool.submit(lambda: [beside.suite(name) for name in BESIDE])
            for name in SUITES:
                if name != "build" and name not in BESIDE:
                    self.suite(name)
            beside.yields = False  # on a machine that is busy with something else it would get next to nothing
            computing.result()
        self.passed += beside.passed
        self.failed += beside.failed
        self.left += beside.left
        self.failures += beside.failures
        self.durations += beside.durations

    def alone(self, name):
        """A suite, and before it what it needs."""
        self.progress = progress.Progress("build")
        needs = NEEDS.get(name, STACKED)
        failures = self.make_all(needs)[1] if needs else []
        if failures:
            self.failed += 1
            self.failures.append(("build", failures[0]))
            print(f"{name} was not run, for this failed: make {' '.join(needs)}\n{failures[0]}")
        else:
            self.suite(name)

    def nice(self):
        return NICE if self.yields else []

    def not_run(self, name):
        """What a suite's log says was left out, each thing once."""
        log = self.logs / f"{name}.log"
        said = re.findall(r"NOT RUN: (.*)", log.read_text()) if log.exists() else []
        return [f"{name}: {text}" + (f" ({n} times)" if (n := said.count(text)) > 1 else "") for text in dict.fromkeys(said)]

    def log(self, name, command, text):
        with open(self.logs / f"{name}.log", "a") as file:
            file.write(f"$ {' '.join(map(str, command))}\n{text}\n")

    def run(self, suite, command, hear=None, **env):
        """(exit status, output), which goes to the suite's log too; `hear` is told each line, and may say why the command is to end."""
        status, text = running.run(command, ROOT, os.environ | env, hear)
        self.log(suite, command, text)
        return status, text

    def listed(self, target):
        """The words that make says for a target `list-…`."""
        return subprocess.run([self.make, "-s", target], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
                              close_fds=False).stdout.split()

    def chosen(self, names):
        """Those that TEST asks for."""
        if self.test is None:
            return names
        found = [name for name in names if re.search(rf"(^|[/_]){re.escape(self.test)}(\.|$)", str(name))]
        if not found:
            raise Failed(f"TEST={self.test}: there are {' '.join(sorted(pathlib.Path(n).name for n in names))}")
        return found

    # ---- suites: (number passed, [text of each failure]) ----

    def lint(self):
        names = self.chosen(self.listed("list-lints"))
        self.progress.total = len(names)
        failures = []
        for name in names:
            self.progress.begins(name)
            status, text = self.run("lint", [*self.nice(), self.make, "-s", "-k", f"lint-{name}"])
            self.progress.ends(name, status == 0)
            if status != 0:
                failures.append(f"lint-{name}:\n{text[-4000:]}")
        return len(names) - len(failures), failures

    def build(self):
        return self.make_all(["products", "asan", "unit-tests", "fuzzers", "bench-tool"])

    def make_all(self, targets):
        command = [self.make, *targets]
        self.progress.total = len(re.findall(r"^  [A-Z]+ +build/", self.run("build", [*command, "-n", "Q="])[1], re.M)) or None

        def hear(line):
            if re.match(r"  [A-Z]+ +build/", line):
                self.progress.ends(line.strip(), True)
        status, text = self.run("build", command, hear)
        return (1, []) if status == 0 else (0, [text[-6000:]])

    def unit(self):
        return self.unit_tests("gcc", "unit")

    def unit_asan(self):
        return self.unit_tests("asan", "unit-asan")

    def unit_tests(self, variant, suite):
        """Each program at most once at a time on a database server, which it has for itself."""
        programs = [self.folder.parent / name for name in self.chosen(self.listed(f"list-unit-tests-{variant}"))]
        missing = [f"{p.relative_to(self.folder)} was not built" for p in programs if not p.exists()]
        if missing:
            return 0, missing
        servers, everybody = queue.Queue(), [Postgres(self.logs / f"unit-pg{i}") for i in range(AT_ONCE)]
        try:
            for server in everybody:
                server.start()
                servers.put(server)
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                # The store's first: they wait the longest.
                ended = list(pool.map(lambda program: self.unit_program(program, suite, servers), reversed(programs)))
        finally:
            for server in everybody:
                server.remove()
        return sum(good for good, _ in ended), [text for _, wrong in ended for text in wrong]

    def unit_program(self, program, suite, servers):
        name = program.relative_to(self.folder)
        server = servers.get()

        def hear(line):
            if found := re.match(r"\[ RUN      \] (.*)", line):
                self.progress.begins(f"{name}:{found[1].strip()}")
            elif found := re.match(r"\[ +(OK|FAILED|SKIPPED) +\] (\w+)", line):
                self.progress.ends(f"{name}:{found[2]}", found[1] == "OK")
        try:
            status, text = self.run(suite, [program], hear, MINGCE_TEST_DATABASE=server.conninfo("postgres", "postgres"),
                                    MINGCE_TEST_REQUIRED="1", MINGCE_TEST_ROOT=str(ROOT), MINGCE_BUILD=str(self.folder),
                                    **SANITIZERS)
        finally:
            servers.put(server)
        good = sum(map(int, re.findall(r"\[  PASSED  \] (\d+) test", text)))
        bad = sum(map(int, re.findall(r"\[  FAILED  \] \S+: (\d+) test", text)))
        skipped = sum(map(int, re.findall(r"\[  SKIPPED \] \S+: (\d+) test", text)))
        if good == bad == 0:  # it was ended before it could count
            good = len(re.findall(r"^\[       OK \]", text, re.M))
        if status == 0 and good > 0 and bad == 0 and skipped == 0:
            return good, []
        why = f"{name}: exit {status}, {good} passed, {bad} failed, {skipped} skipped\n{text[-3000:]}"
        return good, [why] + [f"{name}: another failed test"] * (bad - 1)

    def sql(self):
        """pgTAP on a database that `mingced migrate` has made, as a site's would be."""
        tests = self.chosen(sorted((ROOT / "tests/sql").glob("*.sql")))
        self.progress.total = len(tests)
        stack = Stack(self.logs / "sql", self.folder / "bin")

        def hear(line):
            if found := re.match(r"(\S+\.sql) \.+", line):
                self.progress.begins(found[1])
            elif line.rstrip() == "ok" or line.startswith("Failed"):
                self.progress.ends(self.progress.now, line.rstrip() == "ok")
        try:
            stack.postgres.start()
            stack.postgres.create_database()
            stack.configure()
            stack.command("migrate")
            stack.sql("CREATE EXTENSION pgtap")
            status, text = self.run("sql", ["pg_prove", "--nocolor", "--verbose", "--failures", "--dbname", "mingce", *tests], hear,
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
        return self.python_tests("integration")

    def interop(self):
        return self.python_tests("interop")

    def fault(self):
        print("fault: short forms; `make soak` takes the long ones", flush=True)
        # Some of them look at how long something takes: a processor each.
        return self.python_tests("fault", at_once=PROCESSORS, MINGCE_FAULT_SEED=self.seed("fault"))

    def soak(self):
        """The long forms, one after the other: some of them measure. What they saw is said."""
        result = self.python_tests("soak", folder="fault", at_once=1, MINGCE_SOAK="1", MINGCE_FAULT_SEED=self.seed("soak"))
        print("".join(re.findall(r"^test_\w+.* .*: .*\n", (self.logs / "soak.log").read_text(), re.M)), end="")
        return result

    def seed(self, suite):
        """Of its choices, which are random; it is said, and chooses the same again."""
        seed = os.environ.get("MINGCE_FAULT_SEED") or str(random.SystemRandom().randrange(10**9))
        print(f"{suite}: MINGCE_FAULT_SEED={seed}", flush=True)
        return seed

    def python_tests(self, suite, folder=None, at_once=AT_ONCE, **env):
        """tests/runner/reporting.py says on a pipe what happens; a suite that breaks off has counted until then."""
        counted = progress.Counted(self.progress)
        reading, writing = os.pipe()
        where = f"tests/{folder or suite}" + (f"/{self.test}" if self.test else "")
        env |= SANITIZERS | {"MINGCE_BUILD": str(self.folder), "MINGCE_REPORT_TO": str(writing),
                             "PYTHONPATH": str(ROOT / "tests/runner"), **({"MINGCE_TEST_ORDER": self.order} if self.order else {})}
        with open(reading) as pipe, concurrent.futures.ThreadPoolExecutor(1) as pool:
            heard = pool.submit(counted.hear, pipe)
            try:
                status, text = running.run(
                    [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "reporting", "-n", str(at_once),
                     "--dist", "loadfile", f"--timeout={progress.TEST_S}", "--timeout-method=signal", where], ROOT, os.environ | env, pass_fds=[writing], stuck=counted.stuck)
            finally:
                os.close(writing)
            heard.result()
        self.log(suite, ["pytest", where], text)
        return counted.result(suite, status, text)

    # ---- fuzz ----

    def fuzz(self):
        targets = [self.folder.parent / name for name in self.chosen(self.listed("list-fuzzers"))]
        self.progress.total = len(targets)
        with concurrent.futures.ThreadPoolExecutor(PROCESSORS) as pool:
            ended = list(pool.map(self.fuzz_target, targets))
        failures = [f"{target.name}: exit {status}\n{text[-4000:]}"
                    for target, (status, text) in zip(targets, ended) if status != 0]
        return len(targets) - len(failures), failures

    def fuzz_target(self, target):
        """Until it has had its time of a processor, however long a busy machine takes for that."""
        self.progress.begins(target.name)
        left, status, text = self.fuzz_seconds, 0, ""
        while status == 0 and left >= 1:
            status, text, used = self.fuzz_for(target, left)
            left -= max(used, 1)
        self.progress.ends(target.name, status == 0)
        return status, text

    def fuzz_for(self, target, seconds):
        corpus = self.folder / "fuzz/corpus" / target.name
        corpus.mkdir(parents=True, exist_ok=True)
        here = ROOT / "tests/fuzz"
        name = target.name.removeprefix("fuzz_")
        seeds = [p for p in (here / "corpus" / name, here / "corpus" / target.name) if p.is_dir()]
        words = [f"-dict={p}" for p in (here / f"{name}.dict", here / f"{target.name}.dict") if p.is_file()]
        command = [*self.nice(), target, f"-seed={self.fuzz_seed}", f"-max_total_time={int(seconds)}", "-rss_limit_mb=1024", "-timeout=10", "-print_final_stats=1",
                   f"-artifact_prefix={corpus.parent}/{target.name}-", *words[:1], corpus, *seeds]
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([str(c) for c in command], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        self.log("fuzz", command, text)
        return process.returncode, text, usage.ru_utime + usage.ru_stime


# ---- telling ----


def commit():
    """The commit that was tested, and whether the tree is just that."""
    def git(*words):
        return subprocess.run(["git", "-C", str(ROOT), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
    return (git("rev-parse", "HEAD") or "no-commit") + (" dirty" if git("status", "--porcelain") else "")


def in_short(failure):
    """A failure's first line, and the first of those that pytest marks as the reason or that cmocka and a compiler call an error."""
    first, *others = failure.splitlines() or [""]
    return "\n    ".join([first, *[line for line in others if re.match(r"E  |\[  ERROR|.*\berror:", line)][:6]])


def tell(check, options, began, what):
    check.durations.sort(reverse=True)
    (check.logs / "durations.txt").write_text("".join(f"{s:8.2f} s  {suite:12} {test}\n" for s, suite, test in check.durations))
    if check.durations:
        print("---- the slowest ten tests; the others in build/check/durations.txt ----")
        print("".join(f"{s:8.1f} s  {suite:12} {test}\n" for s, suite, test in check.durations[:10]), end="")
    if check.left:
        print("---- NOT RUN ----", *check.left, sep="\n")
    if check.failures:
        print("---- FAILED, with the first lines of why; the whole of it is above and in build/check ----")
        print(*(f"{suite}: {in_short(text)}" for suite, text in check.failures), sep="\n")
    seconds = time.monotonic() - began
    said = f"{check.passed} passed, {check.failed} failed"
    if not options.only and not options.test:
        (check.logs / "result").write_text(f"{what}: {said}, {seconds:.0f} s\n")
    print(f"{seconds:.0f} s in all")
    print(said, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", default="make")
    parser.add_argument("--build", default="build")
    parser.add_argument("--only", action="append", choices=[*SUITES, "soak"], help="just this suite; may be repeated")
    parser.add_argument("--test", help="of the suite, just this: a file or file::test of pytest, a unit test program, a pgTAP file, a lint")
    parser.add_argument("--order", help="of the Python tests: `random`, or the number of such an order")
    parser.add_argument("--fuzz-seconds", type=int, default=FUZZ_S)
    options = parser.parse_args()
    if options.order == "random":
        options.order = str(random.SystemRandom().randrange(10**6))
        print(f"ORDER={options.order}", flush=True)
    check, began, what = Check(options), time.monotonic(), commit()
    share()
    if options.only:
        for name in options.only:
            check.alone(name)
    elif check.suite("build"):
        check.all_suites(options)
    else:
        print("the other suites were not run: there is nothing to run them on")
    tell(check, options, began, what)
    sys.exit(1 if check.failed or not check.passed else 0)


if __name__ == "__main__":
    main()
