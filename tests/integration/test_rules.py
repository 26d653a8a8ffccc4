# SPDX-License-Identifier: Apache-2.0
"""Every field rule of the real-name rules A1 to A9, its accept and its reject, through the wire."""

import unicodedata

import pytest
import samples
from samples import check_character, remember, resident_id, trainee
from stack import Failed

ENROLLED, DUPLICATE, REFUSED = 1, 2, 3
PUBLIC = {"row", "document_type"}  # their words are the sentences' own


def judge(connection, number, **changes):
    """(verdict, {reason: (rule, field)}) of one row; no sentence of the answer holds a value of it."""
    row = trainee(**changes)
    answer = connection.call("roster.import", class_number=number, row=[row])
    result, = answer.result
    for finding in result.finding:
        for field, value in row.items():
            assert field in PUBLIC or len(str(value)) < 4 or str(value) not in finding.zh + finding.en
    return result.verdict, {f.reason: (f.rule, f.field) for f in result.finding}


@pytest.fixture
def one(wire, open_class):
    """Judges one row in a class of its own."""
    def call(starts_on="2026-03-01", ends_on="2026-05-31", **changes):
        return judge(wire(), open_class(starts_on=starts_on, ends_on=ends_on), **changes)
    return call


def numbered(body):
    return remember(body + check_character(body))


def with_x():
    while True:
        number = resident_id()
        if number.endswith("X"):
            return number


def fifteen():
    number = resident_id()
    return remember(number[:6] + number[8:17])


def wrong_check():
    number = resident_id()
    return remember(number[:17] + ("1" if number[17] != "1" else "2"))


def wide(text):
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})


def foreign_18():
    """18 digits that begin with 9, MOD 11-2; the check may not be X there."""
    for serial in range(1, 100):
        body = f"911570199001010{serial:02d}"
        if check_character(body) != "X":
            return numbered(body)
    raise AssertionError


ACCEPTED = [  # rule, what is new, changes of the row
    ("A1", "18 characters", lambda: {}),
    ("A1", "15 digits are upgraded", lambda: {"document_number": fifteen()}),
    ("A1", "X", lambda: {"document_number": with_x()}),
    ("A1", "no document type is a resident ID", lambda: {"document_type": None}),
    ("A1", "sixteen on the first day", lambda: {"document_number": resident_id(born="20100301", serial="013")}),
    ("A1", "born on 29 February", lambda: {"document_number": resident_id(born="20000229", serial="015")}),
    ("A2", "a known address code", lambda: {"document_number": resident_id(area="370203")}),
    ("A2", "an address code younger than the birth", lambda: {"document_number": resident_id(area="370113", born="19850605",
                                                                                             serial="131")}),
    ("A3", "residence permit", lambda: {"document_type": "港澳台居民居住证", "document_number": resident_id(area="810000")}),
    ("A3", "foreign permanent, 15", lambda: {"document_type": "外国人永久居留身份证",
                                             "document_number": remember("USA370190010112")}),
    ("A3", "foreign permanent, 18", lambda: {"document_type": "外国人永久居留身份证", "document_number": foreign_18()}),
    ("A3", "passport", lambda: {"document_type": "护照", "document_number": remember("E12345678"),
                                "issuing_country": "FRA", "name": remember("Jean Dupont")}),
    ("A4", "four-byte character", lambda: {"name": remember("𠮷田𡈽")}),
    ("A4", "U+00B7", lambda: {"name": remember("阿卜杜拉·买买提")}),
    ("A4", "50 characters", lambda: {"name": remember("买" * 50)}),
    ("A4", "1 character", lambda: {"name": "吴"}),
    ("A6", "the same number and name again, in another class", lambda: {}),
    ("A7", "sex agrees", lambda: {"document_number": resident_id(male=True), "sex": "男"}),
    ("A7", "birth date agrees", lambda: {"document_number": resident_id(born="19920806", serial="121"),
                                         "birth_date": "1992-08-06"}),
    ("A8", "phone", lambda: {"phone": remember("19912345678")}),
    ("A8", "no phone", lambda: {"phone": None}),
    ("A8", "an alias of a group", lambda: {"trainee_group": "农民工"}),
    ("A8", "an alias of an education", lambda: {"education": "本科"}),
    ("A8", "an alias of an ethnicity", lambda: {"ethnicity": "汉"}),
    ("A8", "a division that was", lambda: {"division": "370125"}),
    ("A8", "card passes Luhn", lambda: {"account_number": samples.card()}),
    ("A9", "full-width digits", lambda: {"document_number": wide(resident_id())}),
    ("A9", "inner spaces", lambda: {"document_number": " ".join(resident_id()[i:i + 6] for i in (0, 6, 12))[:20]}),
    ("A9", "leading apostrophe", lambda: {"document_number": "'" + resident_id()}),
    ("A9", "lower-case x", lambda: {"document_number": with_x().lower()}),
]

WARNED = [  # rule, what, changes, reason, field
    ("A2", "unknown address code", lambda: {"document_number": resident_id(area="379999")}, "id-address-unknown",
     "document_number"),
    ("A4", "U+2022", lambda: {"name": remember("阿卜杜拉•买买提")}, "name-dot", "name"),
    ("A4", "U+2027", lambda: {"name": remember("阿卜杜拉‧买买提")}, "name-dot", "name"),
    ("A4", "U+30FB", lambda: {"name": remember("阿卜杜拉・买买提")}, "name-dot", "name"),
    ("A4", "U+FF65", lambda: {"name": remember("阿卜杜拉･买买提")}, "name-dot", "name"),
    ("A4", "full stop", lambda: {"name": remember("阿卜杜拉.买买提")}, "name-dot", "name"),
    ("A7", "sex differs", lambda: {"document_number": resident_id(male=True), "sex": "女"}, "sex-differs", "sex"),
    ("A7", "birth date differs", lambda: {"document_number": resident_id(born="19920807", serial="123"),
                                          "birth_date": "1992-08-08"}, "birth-differs", "birth_date"),
    ("A8", "space inside a Han name", lambda: {"name": remember("钱 塘江")}, "name-space", "name"),
    ("A7", "no such sex", lambda: {"sex": "甲"}, "sex-unknown", "sex"),
    ("A7", "no such birth date", lambda: {"birth_date": "去年"}, "birth-format", "birth_date"),
    ("A8", "unknown education", lambda: {"education": "自学成才"}, "education-unknown", "education"),
    ("A8", "unknown ethnicity", lambda: {"ethnicity": "火星族"}, "ethnicity-unknown", "ethnicity"),
    ("A8", "unknown division", lambda: {"division": "379999"}, "division-unknown", "division"),
]

REFUSALS = [  # rule, what, changes, reason, field
    ("A1", "checksum", lambda: {"document_number": wrong_check()}, "id-checksum", "document_number"),
    ("A1", "no such date", lambda: {"document_number": resident_id(born="19900230", serial="001")}, "id-date", "document_number"),
    ("A1", "29 February of a common year", lambda: {"document_number": resident_id(born="19010229", serial="001")}, "id-date",
     "document_number"),
    ("A1", "17 characters", lambda: {"document_number": resident_id()[:17]}, "id-length", "document_number"),
    ("A1", "a letter inside", lambda: {"document_number": "37010219900101A01" + "1"}, "id-character", "document_number"),
    ("A1", "missing", lambda: {"document_number": None}, "id-missing", "document_number"),
    ("A1", "blank", lambda: {"document_number": "  "}, "id-missing", "document_number"),
    ("A1", "sixteen a day later", lambda: {"document_number": resident_id(born="20100302", serial="017")}, "under-age",
     "document_number"),
    ("A1", "born in the future", lambda: {"document_number": resident_id(born="29990101", serial="001")}, "birth-in-future",
     "document_number"),
    ("A3", "unknown kind", lambda: {"document_type": "出生医学证明"}, "document-type-unknown", "document_type"),
    ("A3", "prefix of another kind", lambda: {"document_type": "港澳台居民居住证"}, "document-prefix", "document_number"),
    ("A1", "residence permit's checksum", lambda: {"document_type": "港澳台居民居住证",
                                                   "document_number": remember("810000199001010018")}, "id-checksum",
     "document_number"),
    ("A1", "foreign permanent, two letters", lambda: {"document_type": "外国人永久居留身份证",
                                                      "document_number": "US1370190010112"}, "id-character", "document_number"),
    ("A3", "foreign permanent's checksum", lambda: {"document_type": "外国人永久居留身份证",
                                                    "document_number": foreign_18()[:17] + "X"}, None, "document_number"),
    ("A3", "passport without country", lambda: {"document_type": "护照", "document_number": "E12345679"}, "country-missing",
     "issuing_country"),
    ("A4", "digit", lambda: {"name": remember("王2伟")}, "name-digit", "name"),
    ("A4", "full-width digit", lambda: {"name": remember("王２伟")}, "name-digit", "name"),
    ("A4", "control character", lambda: {"name": "王\x01伟"}, "name-character", "name"),
    ("A4", "private use", lambda: {"name": "王\ue000伟"}, "name-character", "name"),
    ("A4", "supplementary private use", lambda: {"name": "王\U000f0000伟"}, "name-character", "name"),
    ("A4", "51 characters", lambda: {"name": remember("买" * 51)}, "name-length", "name"),
    ("A4", "missing", lambda: {"name": None}, "name-missing", "name"),
    ("A4", "blank", lambda: {"name": "　 "}, "name-missing", "name"),
    ("A8", "phone of 10 digits", lambda: {"phone": "1832484103"}, "phone-format", "phone"),
    ("A8", "phone that begins with 12", lambda: {"phone": "12912345678"}, "phone-format", "phone"),
    ("A8", "unknown group", lambda: {"trainee_group": "其他"}, "group-unknown", "trainee_group"),
    ("A8", "no group", lambda: {"trainee_group": None}, "group-missing", "trainee_group"),
    ("A8", "letters in an account", lambda: {"account_number": "62284812345678ABCD"}, "bank-character", "account_number"),
    ("A8", "an address too long", lambda: {"address": "路" * 101}, "text-length", "address"),
    ("A8", "a control character in an address", lambda: {"address": "路\x02"}, "text-character", "address"),
    ("A9", "scientific notation", lambda: {"document_number": "3.70102E+17"}, "id-precision-lost", "document_number"),
    ("A9", "zeroed tail", lambda: {"document_number": resident_id(serial="013")[:15] + "000"}, "id-tail-zeroed", "document_number"),
    ("A9", "account in scientific notation", lambda: {"account_number": "6.22848E+18"}, "bank-precision-lost",
     "account_number"),
]


def named(cases):
    return [pytest.param(*case, id=f"{case[0]} {case[1]}") for case in cases]


@pytest.mark.parametrize("rule, what, changes", named(ACCEPTED))
def test_accepted_without_a_word(one, rule, what, changes):
    assert one(**changes()) == (ENROLLED, {})


@pytest.mark.parametrize("rule, what, changes, reason, field", named(WARNED))
def test_accepted_with_a_warning(one, rule, what, changes, reason, field):
    verdict, findings = one(**changes())
    assert verdict == ENROLLED
    assert list(findings) == [reason]
    assert findings[reason][1] == field


def test_card_that_fails_luhn_is_a_warning(one):
    card = samples.card()
    verdict, findings = one(account_number=remember(card[:-1] + str((int(card[-1]) + 1) % 10)))
    assert (verdict, findings) == (ENROLLED, {"bank-luhn": ("A8", "account_number")})


@pytest.mark.parametrize("rule, what, changes, reason, field", named(REFUSALS))
def test_refused(one, rule, what, changes, reason, field):
    verdict, findings = one(**changes())
    assert verdict == REFUSED
    assert field in [f for _, f in findings.values()]
    if reason:
        assert findings.get(reason) == (rule, field), findings


def test_born_after_the_class_began(one):
    verdict, findings = one("2020-01-01", "2020-02-01", document_number=resident_id(born="20210101", serial="019"))
    assert (verdict, findings) == (REFUSED, {"birth-after-start": ("A1", "document_number")})


def test_fifteen_digits_and_eighteen_are_one_person(wire, open_class):
    number, person = open_class(), trainee()
    assert judge(wire(), number, **person)[0] == ENROLLED
    short = person["document_number"][:6] + person["document_number"][8:17]
    assert judge(wire(), number, **person | {"document_number": short})[0] == DUPLICATE


@pytest.mark.parametrize("change", [wide, lambda n: "'" + n, lambda n: n[:6] + " " + n[6:14] + "　" + n[14:], str.lower])
def test_mended_number_is_the_same_person(wire, open_class, change):
    number, person = open_class(), trainee(document_number=with_x())
    assert judge(wire(), number, **person)[0] == ENROLLED
    assert judge(wire(), number, **person | {"document_number": change(person["document_number"])})[0] == DUPLICATE


def test_composed_and_decomposed_names_are_one(wire, open_class):
    number, person = open_class(), trainee(name=remember("René Dupré"), document_type="护照", issuing_country="FRA",
                                           document_number=remember("F76543210"))
    assert judge(wire(), number, **person)[0] == ENROLLED
    decomposed = unicodedata.normalize("NFD", person["name"])
    assert decomposed != person["name"]
    assert judge(wire(), number, **person | {"name": decomposed})[0] == DUPLICATE


def test_same_number_another_name_is_refused_masked(wire, open_class):
    number, person = open_class(), trainee(name=remember("欧阳震华"))
    assert judge(wire(), number, **person)[0] == ENROLLED
    other = remember("司马相如")
    answer = wire().call("roster.import", class_number=open_class(), row=[person | {"name": other}])
    finding, = answer.result[0].finding
    assert answer.result[0].verdict == REFUSED
    assert (finding.reason, finding.rule) == ("name-differs", "A6")
    for text in (finding.zh, finding.en):
        assert "欧*" in text and "司*" in text
        assert person["name"] not in text and other not in text


def test_another_document_type_is_another_identity(wire, open_class):
    number, shared = open_class(), remember("E11112222")
    for country in ("FRA", "DEU"):
        assert judge(wire(), number, name=samples.name(), document_type="护照", document_number=shared,
                     issuing_country=country)[0] == ENROLLED


# ---- A5: organisations, by installation command ----


def organisation(stack, code, *more):
    return stack.command("organisation", "--code", code, "--name", "示例制造有限公司", "--kind", "enterprise", "--division",
                         "370100", *more)


def with_check(body):
    import people
    return body + people.USCC[(31 - sum(people.USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31) % 31]


def test_credit_code_is_checked(stack, wire):
    good = with_check("91370100MA3TEXT00")
    organisation(stack, good)
    assert wire("auditor").call("organisation.show", code=good).organisation.name == "示例制造有限公司"


@pytest.mark.parametrize("code, reason", [
    (with_check("91370100MA3TEXT01")[:-1] + "_", "credit-code-character"),
    (with_check("91370100MA3TEXT02")[:17], "credit-code-length"),
    ("91370100MA3TEXI034", "credit-code-character"),
])
def test_credit_code_that_no_reason_can_save(stack, code, reason):
    for more in ((), ("--override-reason", "实有其码")):
        with pytest.raises(Failed):
            organisation(stack, code, *more)


def test_credit_code_with_a_wrong_check_needs_a_reason(stack, wire):
    good = with_check("91370100MA3TEXT04")
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    with pytest.raises(Failed):
        organisation(stack, wrong)
    organisation(stack, wrong, "--override-reason", "营业执照原件已核对")
    assert wire("auditor").call("organisation.show", code=wrong).code_override == "营业执照原件已核对"
