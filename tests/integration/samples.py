# SPDX-License-Identifier: Apache-2.0
"""Invented trainees: numbers that pass GB 11643, names, phones and cards nobody has. Every value handed out is
remembered, so that a test can look for all of them in logs and dumps."""

import itertools
import pathlib
import random
import re
import subprocess
import tempfile

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国海燕志鹏"

used = set()  # every personal value that a test has sent
_serial = itertools.count(1)


def remember(value):
    used.add(value)
    return value


# Digests and what is sealed, written out: they hold any eleven digits by chance, and no value is as long.
HEXADECIMAL = re.compile(rb"[0-9a-f]{32,}")


def finder(values):
    """What tells which of many personal values stand in a text, or in files; by grep, since both are many."""
    patterns = "\n".join(values).encode()

    def found_in(*where):
        """`where`: a text, or paths."""
        if not patterns:
            return set()
        data = b"\n".join(place.read_bytes() if isinstance(place, pathlib.Path) else place.encode() for place in where)
        with tempfile.NamedTemporaryFile() as file:
            file.write(patterns)
            file.flush()
            done = subprocess.run(["grep", "--text", "--only-matching", "--no-filename", "--fixed-strings", "--file", file.name, "-"],
                                  input=HEXADECIMAL.sub(b"", data), stdout=subprocess.PIPE, env={"LC_ALL": "C"})
        assert done.returncode in (0, 1), "grep"
        return {line.decode() for line in done.stdout.splitlines()}

    return found_in


def check_character(body):
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS)) % 11]


def resident_id(area="370102", born="19900101", serial=None, male=True):
    if serial is None:
        n = next(_serial)
        serial = f"{n * 2 % 1000 + (1 if male else 0):03d}"
        born = f"{1970 + n // 500 % 30}{born[4:6]}{n // 15000 % 28 + 1:02d}" if born == "19900101" else born
    body = area + born + serial
    return remember(body + check_character(body))


def luhn(digits):
    total = sum(sum(divmod(int(c) * 2, 10)) if i % 2 == 0 else int(c) for i, c in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def name(chooser=random.Random(7)):
    return remember(chooser.choice(FAMILY) + "".join(chooser.choices(GIVEN, k=2)) + chooser.choice(GIVEN))


def phone(chooser=random.Random(8)):
    return remember(f"1{chooser.randint(30, 99)}{chooser.randint(10000000, 99999999)}")


def card(chooser=random.Random(9)):
    return remember(luhn(f"622848{chooser.randint(10**11, 10**12 - 1)}"))


def trainee(row=1, **changes):
    """A RosterRow's fields that every rule accepts without a word; a change to None leaves the field out."""
    fields = {"row": row, "name": name(), "document_type": "居民身份证", "document_number": resident_id(), "ethnicity": "汉族",
              "education": "大学专科", "trainee_group": "失业人员", "household": "非农业", "division": "370102",
              "phone": phone(), "address": remember(f"示例路{random.randint(10**6, 10**7)}号"), "bank": "中国农业银行",
              "account_number": card()} | changes
    return {k: v for k, v in fields.items() if v is not None}


def trainees(n):
    return [trainee(row) for row in range(1, n + 1)]
