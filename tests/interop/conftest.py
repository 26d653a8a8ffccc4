# SPDX-License-Identifier: Apache-2.0
"""A stack for each file, on the sanitized daemon where it has been built."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("MINGCE_BUILD", ROOT / "build"))
sys.path.insert(0, str(ROOT / "tests/stack"))
from stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    sanitized = BUILD / "asan/bin"
    made = Stack(tmp_path_factory.mktemp("s"), sanitized if (sanitized / "mingced").exists() else BUILD / "bin")
    try:
        yield made.up()
    finally:
        made.down()
        made.postgres.remove()
