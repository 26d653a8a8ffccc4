#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the pages name is there: a path, seen from the root or from the page's folder; a file's name alone, anywhere in the tree.
And README.md is short: whatever is longer has a room of its own."""

import pathlib
import re
import sys

README_MOST = 150  # lines
ROOMS = [".ci", "client", "daemon", "file", "migrations", "proto", "systemd", "tests"]
FILE = re.compile(r"`([\w./-]+\.(?:c|h|py|sql|proto|def|awk|sh|md|1|5|8))`")
LINK = re.compile(r"\]\(([\w./-]+)(?:#[\w-]+)?\)")


def main():
    pages = [pathlib.Path("README.md")] + sorted(page for room in ROOMS for page in pathlib.Path(room).rglob("*.md"))
    files = {path.name for room in ROOMS for path in pathlib.Path(room).rglob("*")} | {"README.md"}
    wrong, named = [], 0
    for page in pages:
        lines = page.read_text("utf-8").splitlines()
        if page == pages[0] and len(lines) > README_MOST:
            wrong.append(f"{page}:1: {len(lines)} lines (most {README_MOST})")
        for number, line in enumerate(lines, 1):
            for name in FILE.findall(line) + LINK.findall(line):
                example = "NOUN" in name or "NNNN" in name or name.startswith("/")  # /: of an installed system
                there = pathlib.Path(name).exists() or (page.parent / name).exists() or ("/" not in name and name in files)
                named += 1
                if not example and not there:
                    wrong.append(f"{page}:{number}: {name} is not there")
    print("\n".join(wrong) if wrong else f"pages: {len(pages)} name {named} files")
    return 1 if wrong else 0


sys.exit(main())
