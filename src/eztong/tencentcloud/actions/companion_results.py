"""``Result`` and ``Description`` of the companion actions: each action numbers the same findings in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.companions import Finding

_F = Finding
_TEXTS: Final[Mapping[Finding, str]] = {
    _F.ADULT: "成年",
    _F.MINOR: "未成年",
    _F.NUMBER_INVALID: "非法身份证号（长度、校验位等不正确）",
    _F.NAME_INVALID: "非法姓名（长度、格式等不正确）",
    _F.PHONE_INVALID: "非法手机号",
    _F.VALIDITY_INVALID: "非法有效期（长度、格式等不正确）",
    _F.IDENTITY_INVALID: "身份信息无效",
    _F.NO_RECORD: "库中无此记录",
    _F.SEGMENT_UNSUPPORTED: "不支持该号段",
    _F.SOURCE_ERROR: "核验服务暂不可用，请稍后重试；本次未作判断",
    _F.DAILY_LIMIT: "认证次数超过当日限制",
}
Results = Mapping[Finding, str]

ID_CARD: Final[Results] = {
    _F.MATCH: "0",
    _F.MISMATCH: "-1",
    _F.NUMBER_INVALID: "-2",
    _F.NAME_INVALID: "-3",
    _F.SOURCE_ERROR: "-4",
    _F.NO_RECORD: "-5",
    # No code of its own: who died or lost the number has no record that could be matched.
    _F.IDENTITY_INVALID: "-5",
    _F.DAILY_LIMIT: "-7",
}
ID_NAME_DATE: Final[Results] = {
    _F.MATCH: "0",
    _F.MISMATCH: "-1",
    _F.NUMBER_INVALID: "-2",
    _F.NAME_INVALID: "-3",
    _F.VALIDITY_INVALID: "-4",
    _F.IDENTITY_INVALID: "-5",
    _F.SOURCE_ERROR: "-6",
    _F.NO_RECORD: "-7",
    _F.DAILY_LIMIT: "-8",
}
PHONE: Final[Results] = {
    _F.MATCH: "0",
    _F.MISMATCH: "-4",
    _F.PHONE_INVALID: "-6",
    _F.NUMBER_INVALID: "-7",
    _F.NAME_INVALID: "-8",
    _F.NO_RECORD: "-9",
    _F.SOURCE_ERROR: "-11",
    _F.DAILY_LIMIT: "-12",
    _F.SEGMENT_UNSUPPORTED: "-13",
}
ENCRYPTED_PHONE: Final[Results] = {
    _F.MATCH: "0",
    _F.MISMATCH: "-4",
    _F.NUMBER_INVALID: "-7",
    _F.NAME_INVALID: "-8",
    _F.NO_RECORD: "-9",
    # No codes of their own: a line that cannot be one, or is of no carrier here, is in no register.
    _F.PHONE_INVALID: "-9",
    _F.SEGMENT_UNSUPPORTED: "-9",
    _F.SOURCE_ERROR: "-11",
}
PHONE_AND_NAME: Final[Results] = {
    _F.MATCH: "0",
    _F.MISMATCH: "1",
    _F.NO_RECORD: "-1",
    _F.SOURCE_ERROR: "-2",
    _F.NAME_INVALID: "-4",
    _F.PHONE_INVALID: "-5",
    _F.DAILY_LIMIT: "-6",
    _F.SEGMENT_UNSUPPORTED: "-13",
}
MINORS: Final[Results] = {
    _F.ADULT: "0",
    _F.MINOR: "-1",
    _F.PHONE_INVALID: "-2",
    _F.MISMATCH: "-3",
    _F.NUMBER_INVALID: "-4",
    _F.NAME_INVALID: "-5",
    _F.SOURCE_ERROR: "-6",
    _F.NO_RECORD: "-7",
    _F.IDENTITY_INVALID: "-7",
}
BILLED: Final = frozenset({_F.MATCH, _F.MISMATCH, _F.ADULT, _F.MINOR})
"""What the contract bills: an answer that decided something."""


def describe(finding: Finding, what: str) -> str:
    """Return the description; ``what`` names the things that were compared."""
    if finding is _F.MATCH:
        return f"{what}一致"
    return f"{what}不一致" if finding is _F.MISMATCH else _TEXTS[finding]
