# SPDX-License-Identifier: Apache-2.0
"""A stack for each file, on the sanitized daemon where it has been built."""

import importlib.util
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
_found = importlib.util.spec_from_file_location("integration", ROOT / "tests/integration/conftest.py")
integration = sys.modules["integration"] = importlib.util.module_from_spec(_found)
_found.loader.exec_module(integration)
from integration import BUILD, make_stack, taken_down


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with taken_down(make_stack(tmp_path_factory.mktemp("s"))) as made:
        yield made.up()
