# SPDX-License-Identifier: Apache-2.0
"""The alert rules, by Prometheus' own judge."""

import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
RULES = HERE.parents[1] / "systemd/mingced.rules.yml"


def promtool(*words, folder):
    done = subprocess.run(["promtool", *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_are_well_formed(tmp_path):
    promtool("check", "rules", str(RULES), folder=tmp_path)


def test_alerts_fire_when_they_should_and_only_then(tmp_path):
    for file in RULES, HERE / "alerts.yml":
        shutil.copy(file, tmp_path)
    promtool("test", "rules", "alerts.yml", folder=tmp_path)
