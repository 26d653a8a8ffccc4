# SPDX-License-Identifier: Apache-2.0
"""What a class needs before its lessons are planned, over the wire: a room, and teachers (G31)."""

import venue_pb2

OCCUPATION, ADDRESS = "4-10-01-06", "示例路1号"


def venue_row(room, row=1, capacity=2000, **changes):
    return {"row": row, "venue": "示例场地", "division": "370102", "address": ADDRESS, "room": room, "capacity": capacity,
            "tenure": venue_pb2.VENUE_OWNED} | changes


def teacher_row(document_number, name="沈教师", row=1, level=8, **changes):
    return {"row": row, "name": name, "document_number": document_number, "occupation_code": OCCUPATION, "level": level,
            "qualification": "示例讲师", "valid_from": "2000-01-01"} | changes


def ready(connection, number, rows, address=ADDRESS):
    """Registers a room of the class's own and the teachers whom lessons name; the lessons, in that room where they say none."""
    room = f"教室{number}"
    assert connection.call("venue.import", row=[venue_row(room, address=address)]).refused == 0
    teachers = {row["teacher_document_number"]: row for row in rows}
    connection.call("teacher.import", row=[
        teacher_row(number, row["teacher_name"], i + 1, **{k: row[f"teacher_{k}"] for k in ("document_type",) if f"teacher_{k}" in row})
        for i, (number, row) in enumerate(teachers.items())])
    return [{"place": room} | row for row in rows]


def plan(connection, number, rows):
    """Plans lessons of a class, with all that they need: the answer of lesson.add."""
    return connection.call("lesson.add", class_number=number, row=ready(connection, number, rows))
