# SPDX-License-Identifier: Apache-2.0
"""What leads to an approved class, over the wire: a bureau of Qingdao, its catalogues, an institution's plan."""

import datetime

import people
import places
from claims import day
from wire import Wire, read_profile

QINGDAO_BUREAU = people.credit_code("11", people.QINGDAO, "00000009")
OCCUPATION, UNLISTED, LEVEL = "4-10-01-06", "4-03-02-01", 2
GENERAL, INSTITUTIONS = 2, 4  # kinds of catalogues
# The bureau's people: profile -> name, role, number of the person's document
PEOPLE = {"reviewer3": ("孔初审", "reviewer", 100), "approver3": ("曹复核", "approver", 101), "approver4": ("严复核", "approver", 102)}


def add_bureau(stack):
    stack.command("organisation", "--code", QINGDAO_BUREAU, "--name", "青岛示例人社局", "--kind", "city-bureau", "--division", people.QINGDAO)
    for profile, (name, role, number) in PEOPLE.items():
        certificate, key = stack.authority.issue(profile)
        stack.command("operator", "--organisation", QINGDAO_BUREAU, "--name", name, "--role", role, "--certificate", certificate,
                      document=people.resident(number))
        stack.write_profile(profile, certificate, key)


def open_wire(stack, profile):
    return Wire(read_profile(stack.profiles / profile))


def publish(stack, kind, rows):
    """A catalogue of the city's, in force from the first day that anything is."""
    with open_wire(stack, "reviewer3") as one, open_wire(stack, "approver3") as other:
        drafted = one.call("catalogue.draft", kind=kind, title="示例目录", citation="青人社示例〔2026〕1号").catalogue_id
        loaded = one.call("catalogue.load", catalogue_id=drafted, row=[{"row": i + 1, "line": row | {"number": i + 1, "level": LEVEL}} for i, row in enumerate(rows)])
        assert loaded.done == len(rows), loaded
        one.call("catalogue.consult", catalogue_id=drafted, consulted="示例意见")
        other.call("catalogue.approve", catalogue_id=drafted)
        other.call("catalogue.publish", catalogue_id=drafted, valid_from=day())
    return drafted


def publish_both(stack, hours_least=16, practice_percent=50, until=None):
    """The general catalogue has one occupation, offline; the institutions' catalogue the school of Qingdao with it."""
    training = {"category": "居民服务", "hours_least": hours_least, "practice_percent": practice_percent, "mode": 1}
    listed = {"code": people.ORGANISATIONS["institution2"][0], "name": people.ORGANISATIONS["institution2"][1], "valid_from": day(-10)}
    return (publish(stack, GENERAL, [{"occupation_code": OCCUPATION, "training": training}]),
            publish(stack, INSTITUTIONS, [{"occupation_code": o, "institution": listed | ({"valid_to": until} if until else {})} for o in (OCCUPATION, UNLISTED)]))


def lesson_rows(number, starts, lessons):
    """Lessons of (days after the first day, class hours, whether practice, minutes), from eight o'clock on, in a room of the class's own."""
    return [{"row": i + 1, "held_on": day_after(starts, days), "starts_minute": 480, "ends_minute": 480 + minutes, "hours": hours, "practice": practice,
             "place": f"教室{number}", "teacher_name": "沈教师", "teacher_document_number": people.resident(2000 + number % 100000)}
            for i, (days, hours, practice, minutes) in enumerate(lessons)]


def plan(clerk, number, opened, lessons):
    """Plans them, with the room and the teacher that they need."""
    rows = lesson_rows(number, opened["starts_on"], lessons)
    clerk.call("teacher.import", row=[places.teacher_row(rows[0]["teacher_document_number"], occupation_code=opened["occupation_code"])])
    assert places.plan(clerk, number, rows).done == len(rows)


def day_after(starts, days):
    return (datetime.date.fromisoformat(starts) + datetime.timedelta(days=days)).isoformat()
