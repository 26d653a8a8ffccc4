# SPDX-License-Identifier: Apache-2.0
"""The log's tree, RFC 6962 section 2.1, as it is written there."""

import hashlib


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def tree_root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + tree_root(hashes[:k]) + tree_root(hashes[k:])).digest()


def bodies(stack):
    """The entries' bytes in the order of the log."""
    rows = stack.sql("SELECT encode(e.body, 'hex') FROM audit.leaf l JOIN audit.entry e ON e.id = l.entry_id ORDER BY l.leaf_index")
    return [bytes.fromhex(line) for line in rows.splitlines()]
