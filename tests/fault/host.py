# SPDX-License-Identifier: Apache-2.0
"""A host that boots systemd: a container that has this machine's /usr and network, and for the rest a folder of ours."""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

from postgres import run

BOOT_S, STOP_S = 180, 180
CGROUPS = [pathlib.Path("/sys/fs/cgroup") / name for name in ("", "systemd", "unified")]
# Into a control group of our own first: what nspawn makes, it makes below it.
IN_CGROUPS = 'for g in $GROUPS_OF_OURS; do echo $$ >"$g/cgroup.procs" || exit 1; done; exec "$@"'


def possible():
    """Whether containers can be started here."""
    if os.geteuid() != 0 or shutil.which("systemd-nspawn") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        host = Host(pathlib.Path(folder))
        try:
            return host.enter(["--console=pipe"], ["/usr/bin/true"]).wait(BOOT_S) == 0
        except (OSError, subprocess.TimeoutExpired):
            return False
        finally:
            host.leave()


class Host:
    BINDS = ["--bind-ro=/usr"]
    ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}

    def __init__(self, folder):
        self.root = folder / "root"
        self.console = folder / "console"
        self.name = f"mingce-{os.getpid()}-{time.monotonic_ns()}"
        self.cgroups = [path / self.name for path in CGROUPS if (path / "cgroup.procs").exists()]
        self.container = None
        self.exported = ""  # by what was typed
        self.lay()

    def lay(self):
        """The folder."""
        for name in ("usr", "etc/systemd/system", "proc", "sys", "dev", "run", "tmp", "var", "root"):
            (self.root / name).mkdir(parents=True)
        for name in ("bin", "lib", "lib64", "sbin"):
            (self.root / name).symlink_to(f"usr/{name}")
        for name in ("passwd", "group", "os-release"):
            shutil.copy(f"/etc/{name}", self.root / "etc" / name)
        (self.root / "etc/machine-id").touch()

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def enter(self, options, command=()):
        for path in self.cgroups:
            path.mkdir()
        with open(self.console, "ab") as console:
            self.container = subprocess.Popen(
                ["sh", "-c", IN_CGROUPS, "sh", "systemd-nspawn", "-q", f"--directory={self.root}", f"--machine={self.name}",
                 *self.BINDS, "--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off",
                 "--link-journal=no", *options, *command],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env=os.environ | {"GROUPS_OF_OURS": " ".join(map(str, self.cgroups))})
        return self.container

    def boot(self, *binds, options=()):
        self.enter(["--console=pipe", "--boot", *(f"--bind={bind}" for bind in binds), *options])
        end = time.monotonic() + BOOT_S
        while self.systemctl("is-system-running", check=False).strip() not in ("running", "degraded"):
            assert self.container.poll() is None and time.monotonic() < end, self.console.read_text(errors="replace")[-2000:]
            time.sleep(0.1)

    def inside(self, *command, check=True, **options):
        """The output of a command that is run in it."""
        children = pathlib.Path(f"/proc/{self.container.pid}/task/{self.container.pid}/children").read_text().split()
        if not children:
            return ""
        words = ["nsenter", f"--target={children[0]}", "--mount", "--uts", "--ipc", "--net", "--pid", "--", *command]
        if check:
            return run(words, **options)
        return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout

    def type(self, text, answer="", folder="/root", **env):
        """What these commands print, typed by root in a folder; what they ask is answered."""
        said = self.inside("sh", "-e", "-c", f"cd {folder}\n{self.exported}{text}", env=self.ENVIRONMENT | env, input=answer)
        self.exported += "".join(re.findall(r"^export .*\n", text, re.MULTILINE))
        return said

    def allow_files(self, unit):
        """Who may not raise the limit of open files cannot have the unit's."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if most < 65536:
            self.write(f"etc/systemd/system/{unit}.d/machine.conf", f"[Service]\nLimitNOFILE={most}\n")

    def systemctl(self, *words, check=True):
        return self.inside("systemctl", "--no-pager", *words, check=check)

    def show(self, unit, name):
        """A property of the unit."""
        return self.systemctl("show", "--value", f"--property={name}", unit).strip()

    def leave(self):
        if self.container is not None and self.container.poll() is None:
            self.container.terminate()
            try:
                self.container.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.container.kill()
                self.container.wait()
        for path in self.cgroups:
            for below in sorted(path.glob("**/"), reverse=True):
                with contextlib.suppress(OSError):  # what is gone, and what is about to be
                    below.rmdir()
