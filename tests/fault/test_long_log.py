# SPDX-License-Identifier: Apache-2.0
"""A log of a million entries: taken up by the notary, and verified, both with the sanitizers."""

import json

import pytest
from conftest import stack_in
from waiting import until

pytestmark = pytest.mark.soak
ENTRIES, AT_ONCE = 1_000_000, 100_000  # AT_ONCE: committed together
BACKLOG = """INSERT INTO audit.entry (operator_id, body)
SELECT '00000000-0000-0000-0000-000000000000', decode(repeat('3c', 300), 'hex') || int8send(n) FROM generate_series({first}, {last}) n"""


def test_a_million_entries_are_verified(tmp_path, tell):
    with stack_in(tmp_path) as stack:
        for first in range(1, ENTRIES + 1, AT_ONCE):
            stack.sql(BACKLOG.format(first=first, last=first + AT_ONCE - 1))
        until(lambda: int(stack.sql("SELECT max(size) FROM audit.checkpoint")) >= ENTRIES, 3600)
        done = stack.cli("auditor", "--json", "audit", "verify", "--key", stack.folder / "log.vkey", timeout=3600)
        assert done.returncode == 0, done.stderr
        size = json.loads(done.stdout)["size"]
        tell(entries=size)
        assert size >= ENTRIES
