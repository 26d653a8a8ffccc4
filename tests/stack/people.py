# SPDX-License-Identifier: Apache-2.0
"""The invented organisations and operators of the development stack."""

import datetime

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(kind, division, body):
    """An 18-character unified social credit code: GB 32100-2015 around an organisation code of GB 11714."""
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    check = (11 - total % 11) % 11
    text = kind + division + body + ("X" if check == 10 else str(check))
    total = sum(USCC.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return text + USCC[(31 - total % 31) % 31]


def resident(n):
    """The number of an invented resident's ID, each n another's (GB 11643-1999)."""
    born = datetime.date(1965, 1, 1) + datetime.timedelta(days=n)
    body = f"370102{born:%Y%m%d}{100 + n % 800}"
    total = sum(int(c) * w for c, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
    return body + "10X98765432"[total % 11]


JINAN, QINGDAO, SHANDONG = "370100", "370200", "370000"

# name -> code, name, kind, division
ORGANISATIONS = {
    "institution": (credit_code("52", JINAN, "30000001"), "济南示例职业培训学校", "institution", JINAN),
    "institution2": (credit_code("52", QINGDAO, "30000002"), "青岛示例职业培训学校", "institution", QINGDAO),
    "bureau": (credit_code("11", JINAN, "00000003"), "济南示例人社局", "city-bureau", JINAN),
    "province": (credit_code("11", SHANDONG, "00000004"), "山东示例人社厅", "provincial-bureau", SHANDONG),
    "enterprise": (credit_code("91", JINAN, "30000006"), "济南示例制造公司", "enterprise", JINAN),
    "assessor": (credit_code("52", JINAN, "30000007"), "济南示例评价机构", "assessment-body", JINAN),
    "agency": (credit_code("11", SHANDONG, "00000008"), "山东示例社保中心", "verifying-agency", SHANDONG),
    "audit": (credit_code("11", SHANDONG, "00000005"), "山东示例审计厅", "auditor", SHANDONG),
}

# What the institutions may teach.
SCOPES = [(organisation, occupation, level) for organisation in ("institution", "institution2", "assessor")
          for occupation in ("4-10-01-06", "4-03-02-01") for level in ("junior", "intermediate", "senior")]
SCOPE_FROM = "2020-01-01"

# profile -> organisation, the person's name, role
OPERATORS = {
    "institution": ("institution", "周办事", "clerk"),
    "institution2": ("institution2", "吴办事", "clerk"),
    "reviewer": ("bureau", "郑初审", "reviewer"),
    "approver": ("bureau", "王复核", "approver"),
    "approver2": ("bureau", "沈复核", "approver"),
    "window": ("bureau", "杨窗口", "clerk"),
    "enterprise": ("enterprise", "朱办事", "clerk"),
    "assessor": ("assessor", "秦发证", "clerk"),
    "agency": ("agency", "尤核验", "clerk"),
    "payer": ("bureau", "冯拨付", "payer"),
    "auditor": ("audit", "陈审计", "auditor"),
    "sysadmin": ("province", "褚系统", "sysadmin"),
    "secadmin": ("province", "卫安全", "secadmin"),
    "secadmin2": ("province", "韩安全", "secadmin"),
    "auditadmin": ("province", "蒋日志", "auditadmin"),
    "payer2": ("bureau", "许拨付", "payer"),
    "reviewer2": ("bureau", "何初审", "reviewer"),
}

# profile -> the person's document: each is another human being
DOCUMENTS = {profile: resident(n) for n, profile in enumerate(OPERATORS)}
