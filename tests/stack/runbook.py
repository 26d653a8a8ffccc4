# SPDX-License-Identifier: Apache-2.0
"""The commands of systemd/README.md, as they stand there."""

import pathlib
import re

PAGE = pathlib.Path(__file__).resolve().parents[2] / "systemd/README.md"


def blocks(title):
    """Those of a section, in order."""
    section = re.search(rf"^## {title}\n(.*?)^## ", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL).group(1)
    found = re.findall(r"^( *)```sh\n(.*?)^\1```$", section, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]
