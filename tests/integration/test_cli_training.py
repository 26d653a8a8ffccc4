# SPDX-License-Identifier: Apache-2.0
"""A class run from the command line: plan, start, attendance, marks, completion, from files as clerks keep them."""

import json

import pytest
import samples
from places import ready
from samples import resident_id

OPEN = ["class", "open", "--title", "示例班", "--occupation", "4-10-01-06", "--level", "junior", "--kind", "就业技能培训",
        "--starts", "2026-03-01", "--ends", "2026-05-31", "--capacity", "100"]


def rows(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


class Desk:
    """A clerk with a class of three and a folder of files."""

    def __init__(self, stack, wire, folder):
        self.stack, self.folder = stack, folder
        self.number = rows(self.cli("--json", *OPEN))[0]["number"]
        self.roster = samples.trainees(3)
        wire().call("roster.import", class_number=self.number, row=self.roster)
        self.teacher = resident_id()
        ready(wire(), self.number, [{"teacher_name": "沈教师", "teacher_document_number": self.teacher}])

    def cli(self, *words, profile="institution", expect=0):
        done = self.stack.cli(profile, *words)
        assert done.returncode == expect, done.stderr
        return done

    def file(self, name, *lines, encoding="utf-8"):
        path = self.folder / name
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return path

    def imports(self, noun, path, *more, expect=0, profile="institution"):
        done = self.cli("--json", noun, "import", path, "--class", self.number, *more, expect=expect, profile=profile)
        return [(r["verdict"], [why["code"] for why in r["reasons"]]) for r in rows(done)]


@pytest.fixture
def desk(stack, wire, tmp_path):
    return Desk(stack, wire, tmp_path)


def plan(desk, *more):
    teacher = desk.teacher
    return desk.file("plan.csv", "教学计划", "上课日期,开始时间,结束时间,课时,上课地点,上课内容,教师姓名,教师证件号码",
                     f"2026-03-02,08:30,11:30,4,教室{desk.number},职业道德,沈教师,{teacher}",
                     f"2026/3/3,8：30,１１:30,4,教室{desk.number},实操,沈教师,{teacher}", *[m.format(teacher=teacher, desk=desk) for m in more], "合计,,,8",
                     encoding="gb18030")


def test_class_from_plan_to_completion(desk):
    assert desk.imports("lesson", plan(desk)) == [("accept", []), ("accept", [])]
    listed = rows(desk.cli("--json", "lesson", "list", "--class", desk.number))
    assert [(x["lesson"], x["held_on"], x["from"], x["to"]) for x in listed] == [
        (1, "2026-03-02", "08:30", "11:30"), (2, "2026-03-03", "08:30", "11:30")]
    desk.cli("class", "start", desk.number, "--version", "1")
    attendance = desk.file("attendance.csv", "班内序号,上课日期,课次,状态", "1,2026-03-02,,出勤", "1,,2,迟到", "2,,1,出勤",
                           "3,2026/3/2,,present", "3,,2,出勤")
    assert desk.imports("attendance", attendance) == [("accept", [])] * 5
    marks = desk.file("marks.csv", "证件号码,理论成绩,实操成绩", *[f"'{r['document_number']},８0.5,90" for r in desk.roster])
    assert desk.imports("marks", marks) == [("accept", [])] * 3
    assert desk.imports("marks", marks) == [("duplicate", ["unchanged"])] * 3
    desk.cli("class", "complete", desk.number, "--version", "2")
    listed = rows(desk.cli("--json", "training", "list", "--class", desk.number, profile="reviewer"))
    assert [(r["attended"], r["theory"], r["practice"], r["result"]) for r in listed] == [
        (8, 80.5, 90.0, "completed"), (4, 80.5, 90.0, "too-few-hours"), (8, 80.5, 90.0, "completed")]


def test_the_same_file_again_says_that_it_adds_nothing(desk):
    path = plan(desk)
    desk.cli("lesson", "import", path, "--class", desk.number)
    assert "nothing was added" in desk.cli("lesson", "import", path, "--class", desk.number).stderr


def test_bad_rows_come_back_and_are_mended(desk):
    path = plan(desk, "2026-07-01,08:30,11:30,4,教室{desk.number},实操,沈教师,{teacher}", "2026-03-04,25:30,11:30,4,教室{desk.number},实操,沈教师,{teacher}",
                "2026-03-05,08:30,11:30,0,教室{desk.number},实操,沈教师,{teacher}", "2026-03-06,08:30,11:30,4,,实操,沈教师,{teacher}",
                "2026-03-07,08:30,11:30,4,教室{desk.number},实操,,{teacher}", "2026-03-08,08:30,11:30,4,教室{desk.number},实操,沈教师,")
    rejects = desk.folder / "rejects.csv"
    verdicts = desk.imports("lesson", path, "--rejects", rejects, expect=1)
    assert verdicts == [("accept", []), ("accept", []), ("reject", ["lesson-outside-class"]), ("reject", ["time-format"]),
                        ("reject", ["hours-range"]), ("reject", ["place-length"]), ("reject", ["name-missing"]),
                        ("reject", ["id-missing"])]
    text = rejects.read_bytes().decode("gb18030")
    assert text.startswith("上课日期,") and text.count("\r\n") == 7 and "退回原因" in text
    mended = desk.file("mended.csv", *text.replace("2026-07-01", "2026-03-09").split("\r\n")[:2], encoding="gb18030")
    assert desk.imports("lesson", mended) == [("accept", [])]


def test_attendance_that_cannot_be_read(desk):
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("attendance.csv", "班内序号,证件号码,上课日期,状态", "1,,2026-03-02,在家", "1,,2026-03-09,出勤", ",,2026-03-02,出勤",
                     "9,,2026-03-02,出勤", f",{desk.roster[0]['document_number']},2026-03-02,出勤")
    assert desk.imports("attendance", path, expect=1) == [
        ("reject", ["state-unknown"]), ("reject", ["lesson-unknown"]), ("reject", ["trainee-unnamed"]),
        ("reject", ["trainee-unknown"]), ("accept", [])]


@pytest.mark.parametrize("header", ["上课时间", "起止时间", "时间"])
def test_a_plan_may_have_both_times_of_a_lesson_in_one_column(desk, header):
    teacher = desk.teacher
    good = ["08:30-11:30", "８：３０—１１：３０", "8:30:00 至 11:30:00", "08:30～11:30"]
    bad = ["08:30", "11:30-08:30", "08:30-11:30-12:30", "08:30-", "上午"]
    path = desk.file("plan.csv", f"上课日期,{header},课时,上课地点,上课内容,教师姓名,教师证件号码",
                     *[f"2026-03-{i + 2:02},{times},4,教室{desk.number},实操,沈教师,{teacher}" for i, times in enumerate(good + bad)])
    said = desk.imports("lesson", path, expect=1)
    assert said == [("accept", [])] * len(good) + [("reject", ["time-format"])] * 4 + [("reject", ["time-format"] * 2)]
    listed = rows(desk.cli("--json", "lesson", "list", "--class", desk.number))
    assert [(x["from"], x["to"]) for x in listed] == [("08:30", "11:30")] * len(good)


def test_plans_and_attendance_are_read_as_spreadsheets_write_them(desk):
    """Times with seconds, hours with decimals, columns by the names that forms give them; a half hour and half a minute are none."""
    teacher = desk.teacher
    path = desk.file("plan.csv", "授课日期,上课时间,下课时间,学时,授课地点,授课内容,授课教师,身份证号", f"2026/3/2 0:00,8:30:00,11:30:00,4.0,教室{desk.number},实操,沈教师,{teacher}",
                     f"2026-03-03,08:30:30,11:30,4,教室{desk.number},实操,沈教师,{teacher}", f"2026-03-03,08:30,11:30,4.5,教室{desk.number},实操,沈教师,{teacher}")
    assert desk.imports("lesson", path, expect=1) == [("accept", []), ("reject", ["time-format"]), ("reject", ["hours-range"])]
    desk.cli("class", "start", desk.number, "--version", "1")
    for i, title in enumerate(("考勤情况", "签到")):
        assert desk.imports("attendance", desk.file("attendance.csv", f"班内序号,上课日期,{title}", f"{i + 1}.00,2026-03-02,√")) == [("accept", [])]
    said = desk.stack.cli("institution", "marks", "import", desk.file("marks.csv", "班内序号,理论成绩,实操成绩", "1,缺考,60"), "--class", desk.number,
                          env=desk.stack.environment() | {"LC_ALL": "zh_CN.UTF-8"})
    assert said.returncode == 1 and "缺考的留空" in said.stdout


def test_a_row_of_sums_is_no_trainee(desk):
    """Also where a sum stands in the column of what every row has; 合计 as a name is somebody's."""
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("attendance.csv", "班内序号,课次,状态", "1,1,√", "2,1,出勤", "合计,,2", "小 计,2,2")
    assert desk.imports("attendance", path) == [("accept", []), ("accept", [])]
    path = desk.file("marks.csv", "序号,姓名,证件号码,理论成绩,实操成绩", f"1,,{desk.roster[0]['document_number']},60,60", "总计,,,60,60")
    assert desk.imports("marks", path) == [("accept", [])]
    path = desk.file("marks.csv", "班内序号,姓名,理论成绩,实操成绩", "2,合计,60,60", "合计人,,60,60")
    assert desk.imports("marks", path, expect=1) == [("reject", ["holder-name"]), ("reject", ["count-cell"])]


def test_a_seat_or_a_lesson_that_cannot_be_read_is_no_other_trainee_or_lesson(desk):
    """And a lesson's number that cannot be read is not guessed from the day beside it."""
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("attendance.csv", "班内序号,课次,上课日期,状态", "一,1,,出勤", "1,第一课,2026-03-02,出勤", "1,1.5,,出勤", "1,0,,出勤", "１,'1,,出勤")
    assert desk.imports("attendance", path, expect=1) == [
        ("reject", ["count-cell"]), ("reject", ["count-cell"]), ("reject", ["count-cell"]), ("reject", ["lesson-unknown"]), ("accept", [])]
    path = desk.file("marks.csv", "班内序号,理论成绩,实操成绩", "甲,60,60", "9,60,60", '="1",60,60')
    assert desk.imports("marks", path, expect=1) == [("reject", ["count-cell"]), ("reject", ["trainee-unknown"]), ("accept", [])]


def test_marks_that_cannot_be_read(desk):
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("marks.csv", "班内序号,理论成绩,实操成绩", "1,100.5,60", "1,优,60", "2,,", "3,60.55,", "3,100,0")
    assert [v for v, _ in desk.imports("marks", path, expect=1)] == ["reject"] * 4 + ["accept"]


def test_a_row_that_contradicts_an_earlier_one_comes_back_however_far_apart_they_are(desk):
    """Further than a request holds: its requests are answered in whatever order."""
    desk.cli("class", "start", desk.number, "--version", "1")
    between = [f"{2 + n % 2},{n // 10}.{n % 10},60" for n in (500, 501)] * 600
    path = desk.file("marks.csv", "班内序号,理论成绩,实操成绩", "1,60,", *between, "1,61,70", "1,60,70")
    found = desk.imports("marks", path, expect=1)
    assert found[-2] == ("reject", ["contradicts-earlier-row"]) and "reject" not in (found[0][0], found[-1][0])
    assert marks_of(desk)[0] == (60.0, 70.0)


def test_a_row_that_contradicts_an_earlier_one_names_it(desk):
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    for noun, header, once, again in (("marks", "班内序号,理论成绩,实操成绩", "2,70,70", "2,70,71"), ("attendance", "班内序号,课次,状态", "2,1,出勤", "2,1,缺勤")):
        done = desk.cli("--json", noun, "import", desk.file(f"{noun}.csv", header, once, again), "--class", desk.number, expect=1, profile="institution")
        assert [[(why["code"], why.get("other_row")) for why in r["reasons"]] for r in rows(done)] == [[], [("contradicts-earlier-row", 1)]], noun


def marks_of(desk):
    return [(r["theory"], r["practice"]) for r in rows(desk.cli("--json", "training", "list", "--class", desk.number))]


def test_a6_who_a_row_names_is_who_it_is_applied_to(desk):
    """A seat with another's name or document comes back, of whatever file; with the right ones it is applied."""
    one, two, three = desk.roster
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("marks.csv", "班内序号,姓名,证件号码,理论成绩,实操成绩", f"1,{two['name']},,60,60", f"2,{two['name']},,70,70",
                     f"3,,{one['document_number']},60,60", f",{one['name']},{three['document_number']},60,60", "1,马２超,,60,60",
                     f"3,{three['name']},{three['document_number']},80,80")
    assert desk.imports("marks", path, expect=1) == [
        ("reject", ["holder-name"]), ("accept", []), ("reject", ["holder-document"]), ("reject", ["holder-name"]),
        ("reject", ["name-digit"]), ("accept", [])]
    assert marks_of(desk) == [(None, None), (70.0, 70.0), (80.0, 80.0)]
    path = desk.file("attendance.csv", "班内序号,姓名,课次,状态", f"1,{three['name']},1,出勤", f"1,{one['name']},1,出勤", f"1,{one['name']},1,出勤")
    assert desk.imports("attendance", path, expect=1) == [("reject", ["holder-name"]), ("accept", []), ("duplicate", ["unchanged"])]
    assert "姓名" in desk.stack.cli("institution", "attendance", "import", path, "--class", desk.number,
                                  env=desk.stack.environment() | {"LC_ALL": "zh_CN.UTF-8"}).stdout


def test_a6_a_running_number_is_a_seat_only_where_the_row_says_who(desk):
    one, two, three = desk.roster
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("marks.csv", "序号,姓名,证件号码,理论成绩,实操成绩", f"1,{one['name']},,60,60", f"2,{three['name']},,60,60", "3,,,60,60",
                     f"1,,{two['document_number']},70,70")
    assert desk.imports("marks", path, expect=1) == [
        ("accept", []), ("reject", ["holder-name"]), ("reject", ["seat-unproven"]), ("accept", [])]
    assert marks_of(desk) == [(60.0, 60.0), (70.0, 70.0), (None, None)]


def test_a6_a_removal_may_be_confirmed_by_the_name(desk):
    def remove(verb, name, *more, expect=0):
        done = desk.stack.cli("institution", "roster", verb, "--class", desk.number, "--seat", "2", *more, "--confirm", input=name + "\n")
        assert done.returncode == expect, done.stderr
        return done.stderr
    assert "holder-name" in remove("remove", desk.roster[0]["name"], "--reason", "退学", expect=3)
    remove("remove", desk.roster[1]["name"], "--reason", "退学")
    assert "holder-name" in remove("restore", desk.roster[2]["name"], expect=3)
    remove("restore", desk.roster[1]["name"])


def test_attendance_by_the_day_knows_the_whole_plan(desk):
    """More lessons than a page has; and a day that is not the lesson's comes back."""
    teacher, day_of = desk.teacher, "2026-{:02}-{:02}"
    lessons = [f"{day_of.format(m, d)},{h:02}:00,{h:02}:50,1,教室{desk.number},实操,沈教师,{teacher}"
               for m in (3, 4, 5) for d in range(1, 31) for h in range(6, 14)][:205]
    last = lessons[-1].split(",")[0]
    lessons = [line for line in lessons if not line.startswith(last)] + [f"{last},06:00,06:50,1,教室{desk.number},实操,沈教师,{teacher}"]
    path = desk.file("plan.csv", "上课日期,开始时间,结束时间,课时,上课地点,上课内容,教师姓名,教师证件号码", *lessons)
    desk.imports("lesson", path)
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.file("attendance.csv", "班内序号,上课日期,课次,状态", f"1,{last},,出勤", f"2,{last} 00:00:00,{len(lessons)},出勤", f"3,{last},1,出勤",
                     "3,2026-3-1 8时,1,出勤")
    assert desk.imports("attendance", path, expect=1) == [("accept", []), ("accept", []), ("reject", ["lesson-day"]), ("reject", ["date-format"])]


def test_correction_by_a_bureau_says_why(desk):
    desk.cli("class", "start", desk.number, "--version", "1")
    desk.cli("class", "complete", desk.number, "--version", "2")
    path = desk.file("marks.csv", "班内序号,理论成绩,实操成绩", "1,60,60")
    desk.imports("marks", path, expect=3)
    desk.imports("marks", path, expect=3, profile="reviewer")
    assert desk.imports("marks", path, "--reason", "阅卷差错", profile="reviewer") == [("accept", [])]


def test_removed_and_restored(desk):
    desk.cli("roster", "remove", "--class", desk.number, "--seat", "2", "--reason", "退学")
    seats = [r["seat"] for r in rows(desk.cli("--json", "roster", "list", "--class", desk.number))]
    assert seats == [1, 3]
    desk.cli("roster", "restore", "--class", desk.number, "--seat", "2")
    assert rows(desk.cli("--json", "class", "show", desk.number))[0]["enrolled"] == 3


@pytest.mark.parametrize("words", [
    ["lesson", "import", "x.csv"], ["lesson", "remove", "--class", "1"], ["attendance", "import", "--class", "1"],
    ["marks", "import", "x.csv", "--class", "x"], ["training", "list"], ["class", "start", "1"], ["class", "amend", "1"],
    ["roster", "remove", "--class", "1", "--seat", "0", "--reason", "x"]])
def test_usage(desk, words):
    desk.cli(*words, expect=2)


def test_the_list_of_seats_is_filled_in_and_read(desk):
    """Its names and numbers are masked, and no statements."""
    desk.imports("lesson", plan(desk))
    desk.cli("class", "start", desk.number, "--version", "1")
    path = desk.folder / "名单.csv"
    desk.cli("roster", "list", "--class", desk.number, "--output", path)
    header, *seats = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(seats) == 3 and all("*" in seat for seat in seats)
    path.write_text("\n".join([header + ",理论成绩,实操成绩", *(f"{seat},7{i},80" for i, seat in enumerate(seats))]), encoding="utf-8")
    assert desk.imports("marks", path) == [("accept", [])] * 3
    assert marks_of(desk) == [(70.0, 80.0), (71.0, 80.0), (72.0, 80.0)]
    masked = desk.file("masked.csv", "证件号码,姓名,理论成绩,实操成绩", "3701**********0000,张*,60,60")
    assert [verdict for verdict, _ in desk.imports("marks", masked, expect=1)] == ["reject"]  # it names nobody


VENUES = ["场地名称,所在区县,场地地址,教室,容纳人数,场地性质,租赁到期日,面积（平方米）,经度,纬度", "{name},山东省济南市历下区,{name}路1号,301室,40,租赁,2030-12-31,800,117.0203591,36.66",
          "{name},370102,济南市历下区{name}路一号,302,30,租赁,2030.12.31,,,", "{name},370100,{name}路1号,303,30,自有,,,,", "{name},370102,{name}路1号,304,30,借的,,,,",
          "{name},370102,{name}路1号,305,30,租赁,,,,", "{name},370102,{name}路1号,306,0,自有,,,,", "{name},370102,{name}路1号,307,30,自有,,,一百,1"]


def test_G31_venues_and_their_rooms_from_a_file(desk):
    name = f"示例{desk.number}"
    path = desk.file("venues.csv", *[line.format(name=name) for line in VENUES], encoding="gb18030")
    done = desk.cli("--json", "venue", "import", path, expect=1)
    assert [(r["verdict"], [why["code"] for why in r["reasons"]]) for r in rows(done)] == [
        ("accept", []), ("accept", []), ("reject", ["venue-division"]), ("reject", ["tenure-unknown"]), ("reject", ["lease-day"]),
        ("reject", ["room-capacity"]), ("reject", ["venue-point"])]
    listed = [r for r in rows(desk.cli("--json", "venue", "list", "--limit", "0")) if r["venue"] == name]
    assert [(r["room"], r["capacity"], r["tenure"], r["until"], r["longitude"], r["latitude"]) for r in listed] == [
        ("301室", 40, "leased", "2030-12-31", "117.020359", "36.660000"), ("302", 30, "leased", "2030-12-31", "117.020359", "36.660000")]
    assert "used until that day" in desk.cli("venue", "end", name, "--on", "2030-11-30").stdout
    refused = desk.stack.cli("institution", "venue", "end", "没有这样的", "--on", "2030-11-30", env=desk.stack.environment(LC_ALL="zh_CN.UTF-8"))
    assert refused.returncode == 3 and "本机构没有登记这个场地" in refused.stderr
    assert {r["until"] for r in rows(desk.cli("--json", "venue", "list", "--limit", "0")) if r["venue"] == name} == {"2030-11-30"}


def test_G31_teachers_from_a_file_and_a_plan_that_names_them(desk):
    one, name = resident_id(), f"教学点{desk.number}"
    venues = desk.file("venues.csv", VENUES[0], f"{name},370102,{name}路1号,301,200,自有,,,,")
    desk.cli("venue", "import", venues)
    path = desk.file("teachers.csv", "姓名,证件号码,职业,等级,资格,起始日期,截止日期", f"沈教师,{one},家政服务员,高级工,高级技师,2026-01-01,2026-12-31",
                     f"沈教师,{resident_id()},家政服务员,,高级技师,2026-01-01,", f"沈教师,{resident_id()},家政服务员,高级工,证书20260000001,2026-01-01,",
                     f",{resident_id()},家政服务员,高级工,讲师,2026-01-01,", f"沈教师,{resident_id()},没有这样的,高级工,讲师,2026-01-01,")
    done = desk.cli("--json", "teacher", "import", path, expect=1)
    assert [(r["verdict"], [why["code"] for why in r["reasons"]]) for r in rows(done)] == [
        ("accept", []), ("reject", ["level-unknown"]), ("reject", ["qualification-number"]), ("reject", ["name-missing"]), ("reject", ["occupation-unknown"])]
    plan = desk.file("plan.csv", "上课日期,起止时间,课时,课程类型,上课地点,上课内容,教师姓名,教师证件号码", f"2026-03-02,08:30-11:30,4,实操,{name}/301,实操,沈教师,{one}",
                     f"2026-03-03,08:30-11:30,4,,301教室,理论,沈教师,{one}".replace("301教室", f"{name}／301教室"), f"2026-03-04,08:30-11:30,4,自习,{name}/301,实操,沈教师,{one}",
                     f"2026-03-05,08:30-11:30,4,理论,{name}/999,实操,沈教师,{one}")
    assert desk.imports("lesson", plan, expect=1) == [("accept", []), ("accept", []), ("reject", ["practice-word"]), ("reject", ["room-unknown"])]
    listed = rows(desk.cli("--json", "lesson", "list", "--class", desk.number))
    assert [(r["practice"], r["room"], r["address"]) for r in listed] == [("practice", "301", f"{name}路1号"), ("theory", "301", f"{name}路1号")]
    [mine] = [r for r in rows(desk.cli("--json", "teacher", "list", "--limit", "0")) if r["document_number"] == one[:4] + "*" * 10 + one[-4:] and r["valid_to"] == "2026-12-31"]
    assert (mine["name"], mine["level"], mine["qualification"]) == ("沈**", "senior", "高级技师")
    assert "teacher-planned" in desk.cli("teacher", "end", mine["teacher_id"], "--on", "2026-03-02", expect=3).stderr
    assert "registered until that day" in desk.cli("teacher", "end", mine["teacher_id"], "--on", "2026-03-03").stdout
    shown = desk.stack.cli("institution", "teacher", "list", "--limit", "0", env=desk.stack.environment(LC_ALL="zh_CN.UTF-8")).stdout
    assert "登记编号" in shown and one not in shown
