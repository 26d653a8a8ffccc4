# SPDX-License-Identifier: Apache-2.0
"""A bank: it takes the files of batches as a bank's counter would, and answers with every kind of trouble (F13, F14)."""

import csv
import hashlib
import io

HEAD = "批次号,付款账号,总笔数,总金额元,总金额分,段号,段数,段笔数,段金额分,用途,SHA256".split(",")
LINE = "序号,收款账号,户名,开户行名称,行号,本行标志,金额元,金额分,证件类型,证件号码,补贴类型,申领编号,附言".split(",")
REPLY = "批次号,序号,结果,银行流水号,交易日期,原因码,原因,金额元".split(",")
PAID, REFUSED, UNKNOWN, RETURNED = "已支付", "银行拒付", "结果不明", "退票"


class Bank:
    def __init__(self, day):
        self.day = day
        self.lines = {}  # (reference, line): the line as it was received
        self.serial = 0

    def receive(self, *paths, encoding="utf-8"):
        """Takes the parts of one batch; refuses a file that does not agree with itself. Its head."""
        lines = []
        for n, path in enumerate(paths, 1):
            data = path.read_bytes()
            first, second, body = data.split(b"\r\n", 2)
            titles, values = (next(csv.reader([row.decode(encoding)])) for row in (first, second))
            assert titles == HEAD
            head = dict(zip(titles, values))
            assert head["SHA256"] == hashlib.sha256(body).hexdigest()
            rows = list(csv.reader(io.StringIO(body.decode(encoding), newline="")))
            assert rows[0] == LINE
            part = [dict(zip(LINE, row)) for row in rows[1:]]
            assert (int(head["段号"]), int(head["段数"])) == (n, len(paths))
            assert (int(head["段笔数"]), int(head["段金额分"])) == (len(part), sum(int(line["金额分"]) for line in part))
            lines += part
        assert (int(head["总笔数"]), int(head["总金额分"])) == (len(lines), sum(int(line["金额分"]) for line in lines))
        assert [int(line["序号"]) for line in lines] == list(range(1, len(lines) + 1))
        for line in lines:
            assert int(line["金额分"]) == round(float(line["金额元"]) * 100)
            self.lines[head["批次号"], int(line["序号"])] = line
        return head

    def answer(self, reference, line, result, late=0, wrong=0):
        """A row of an answer: late by so many days, or with so many fen too many."""
        self.serial += 1
        fen = int(self.lines[reference, line]["金额分"]) + wrong if (reference, line) in self.lines else 1
        moved = result in (PAID, RETURNED)
        return dict(zip(REPLY, [reference, str(line), result, f"B-{self.serial}" if moved else "", self.day(late) if moved else "",
                                "" if result in (PAID, UNKNOWN) else "1403", "" if result in (PAID, UNKNOWN) else "账号户名不符", f"{fen // 100}.{fen % 100:02d}"]))

    @staticmethod
    def write(path, rows, encoding="utf-8"):
        with open(path, "w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, REPLY)
            writer.writeheader()
            writer.writerows(rows)
        return path
