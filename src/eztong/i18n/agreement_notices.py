"""The words of messages about agreements: what changes and from when; whoever changed it said why in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

AGREEMENT_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.AGREEMENTS_ASK: {
        _ZH: "服务协议有新的版本，{from} 起施行。变化：{changes_zh} 施行以后请阅读并重新同意，"
        "否则到期不能继续使用；您也可以不接受。全文和修改对照见“我的 > 关于 > 协议和规则”。",
        _EN: "There is a new version of the agreements, in force from {from}. What changes: {changes_en} From then "
        "on please read it and accept it again, or use ends when its time is over; you may decline. Full texts and "
        "what changed: Me > About > Agreements and rules.",
    },
    Topic.AGREEMENTS_CHANGE: {
        _ZH: "服务协议或规则有变化，{from} 起施行，您不用做什么。变化：{changes_zh} "
        "全文和修改对照见“我的 > 关于 > 协议和规则”。",
        _EN: "The agreements or rules change from {from}; you need not do anything. What changes: {changes_en} "
        "Full texts and what changed: Me > About > Agreements and rules.",
    },
    Topic.AGREEMENTS_OFF: {
        _ZH: "原定 {from} 起施行的新版服务协议或规则不再施行，现行版本继续有效，您不用做什么。",
        _EN: "The new agreements or rules that were to be in force from {from} do not come. Those of now stay, "
        "and you need not do anything.",
    },
    Topic.CLAUSE_SEVERED: {
        _ZH: "《{title_zh}》第 {clause} 条自 {from} 起不再适用，其余条款不变，您不用做什么。原因：{reason_zh}",
        _EN: "Clause {clause} of the {title_en} does not apply from {from}; the rest stands, and you need not do "
        "anything. Why: {reason_en}",
    },
    Topic.CLAUSE_RESTORED: {
        _ZH: "《{title_zh}》第 {clause} 条自 {from} 起恢复适用，其余条款不变。它此前不适用的原因：{reason_zh}",
        _EN: "Clause {clause} of the {title_en} applies again from {from}; the rest is unchanged. Why it had not "
        "applied: {reason_en}",
    },
}
"""By topic; ``from`` is the day."""
