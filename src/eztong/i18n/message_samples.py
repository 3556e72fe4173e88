"""What stands in a text's placeholders where it is looked at before anybody is told anything: invented, and long.

Lengths are counted with these values, so they are about as long as such values become.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.notices import Topic
from eztong.i18n.filling import fill
from eztong.i18n.message_texts import topic_of
from eztong.i18n.notices import signed

_LINK: Final = "https://eid.example.cn/stop/x7Q2mB9tRk4VhD1pLc8WnF5s"
_SAMPLES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh-CN": {
        "otp": "271828",
        "purpose": "把账户换到别的手机号",
        "minutes": "5",
        "decision": "未通过。请登录查看原因和申诉办法。",
        "partner": "青屿市立图书馆",
        "at": "3月5日 09:00",
        "until": "2026年3月5日 09:00",
        "from": "2026年3月1日",
        "link": _LINK,
        "number": "48210 93755",
        "cause": "登记的资料需要核实",
        "what": "您的账户因违规使用被限制",
        "why": "约定的时间已到",
        "secret": "ABCD EFGH JKMN PQRS",
        "name": "测*辈",
        "title_zh": "服务协议",
        "clause": "2.13",
        "changes_zh": "增加未成年人使用的说明，其余不变。",
        "reason_zh": "法院判决认定该条无效。",
    },
    "en": {
        "otp": "271828",
        "purpose": "move your account to another phone",
        "minutes": "5",
        "decision": "not approved. Sign in to see why, and how to object.",
        "partner": "Qingyu City Library",
        "at": "5 Mar 09:00",
        "until": "5 Mar 2026 09:00",
        "from": "1 Mar 2026",
        "link": _LINK,
        "number": "48210 93755",
        "cause": "what is stored needs checking",
        "what": "The use of your account was limited because of misuse",
        "why": "the time that was agreed is over",
        "secret": "ABCD EFGH JKMN PQRS",
        "name": "测*辈",
        "title_en": "Service agreement",
        "clause": "2.13",
        "changes_en": "It says how minors use it; nothing else changes.",
        "reason_en": "A court found the clause void.",
    },
}
_OF_HELPER: Final[Mapping[str, str]] = {
    "zh-CN": "有人申请找回账户，本人可以用短信里的链接阻止",
    "en": "somebody asked to recover it; they can stop that by the link in their message",
}
_PHONES: Final = frozenset({Topic.PHONE_ADDED, Topic.PHONE_COMING})


def samples_of(text_id: str, language: str) -> dict[str, str]:
    """Return what stands for each placeholder of a text."""
    topic, found = topic_of(text_id), dict(_SAMPLES[language])
    if topic is Topic.HELPER_NEWS:
        found["what"] = _OF_HELPER[language]
    if topic in _PHONES:
        found["number"] = "139****0009"
    return found


def sample_text(text_id: str, sentence: str, *, language: str, service: str = "") -> str:
    """Return a text as a phone would show it, beginning with the service's name if it has one.

    Raises:
        KeyError: it has a placeholder that no text has.
    """
    return signed(fill(sentence, samples_of(text_id, language), language=language), language=language, service=service)
