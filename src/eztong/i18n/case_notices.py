"""The words of messages about cases of misuse: what was decided and how to object, and no word of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.cases.case import Measure
from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

CASE: Final[Mapping[Topic, str]] = {Topic.CASE_DECIDED: "what"}
"""The param that chooses the words."""

CASE_WORDS: Final[Mapping[Topic, Mapping[str, Mapping[str, str]]]] = {
    Topic.CASE_DECIDED: {
        f"/{Measure.WARN}": {
            _ZH: "您的账户因违规使用被警告",
            _EN: "You were warned about misuse of your account",
        },
        f"/{Measure.RESTRICT}": {
            _ZH: "您的账户因违规使用被限制",
            _EN: "The use of your account was limited because of misuse",
        },
        f"/{Measure.TERMINATE}": {
            _ZH: "本服务已因违规使用终止为您的账户提供服务",
            _EN: "The service ended your account because of misuse",
        },
    },
}
"""By topic and, after the slash, the measure."""

CASE_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.CASE_DECIDED: {
        _ZH: "{what}。原因和依据请登录后在“我的 > 处理决定”查看；"
        "不登录也可以在“关于 > 处理决定”输入编号 {number} 和查询码 {secret} 查看。"
        "不服可在 {until} 前申诉。查询码不要告诉任何人。",
        _EN: "{what}. Sign in and read why under Me > Decisions; or, without signing in, under About > Decisions with "
        "the number {number} and the secret {secret}. You can object until {until}. Tell the secret to nobody.",
    },
    Topic.CASE_UPHELD: {
        _ZH: "您对处理决定 {number} 的申诉已由另一位工作人员复核，维持原决定。理由请登录后在“我的 > 处理决定”查看。",
        _EN: "Another member of staff decided on your objection to the decision {number}: it stands. "
        "Sign in and read why under Me > Decisions.",
    },
    Topic.CASE_LIFTED: {
        _ZH: "处理决定 {number} 已撤销，相关限制已解除。说明请登录后在“我的 > 处理决定”查看。",
        _EN: "The decision {number} was taken back, and what it limited works again. "
        "Sign in and read more under Me > Decisions.",
    },
}
"""By topic; ``number`` is the case's. A decision also has ``what`` (a ``Measure``), ``until`` and ``secret``."""
