"""The words of messages about feedback, all to its holder: they name the ticket, and never what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

TICKET_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.TICKET_ANSWERED: {
        _ZH: "您的意见反馈 {number} 有了答复，请登录后在“我的 > 关于 > 意见反馈”中查看。",
        _EN: "There is an answer to your feedback {number}. Sign in and read it under Me > About > Feedback.",
    },
    Topic.TICKET_AT_STAKE: {
        _ZH: "您的账户提交了更正信息或注销的申请，编号 {number}。如非本人操作，请马上挂失，并联系我们，报这个编号。",
        _EN: "Your account asked for a correction or to be deregistered: number {number}. "
        "If that was not you, freeze it at once, and contact us with the number.",
    },
    Topic.CORRECTION_REFUSED: {
        _ZH: "您申请更正姓名，身份机构没有确认，姓名没有变化。工作人员会在反馈 {number} 中答复。",
        _EN: "The authority did not confirm the correction of your name, which stays. "
        "Our staff will answer in your feedback {number}.",
    },
}
"""The sentences, by topic and language."""

AT_STAKE_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    TicketKind.CORRECTION.value: {
        _ZH: "您的账户提交了更正信息的申请，编号 {number}。如非本人操作，请马上挂失，并联系我们，报这个编号。",
        _EN: "Your account asked for a correction: number {number}. "
        "If that was not you, freeze it at once, and contact us with the number.",
    },
    TicketKind.DEREGISTRATION.value: {
        _ZH: "您的账户提交了注销账户的申请，编号 {number}。如非本人操作，请马上挂失，并联系我们，报这个编号。",
        _EN: "Your account asked to be deregistered: number {number}. "
        "If that was not you, freeze it at once, and contact us with the number.",
    },
}
"""The words of ``ticket_at_stake`` where it is said what was asked for."""

COMING_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "staff": {
        _ZH: "手机号 {number} 将于 {until} 成为您的账户的手机号。如果您没有办理，请马上联系我们，只有工作人员能停止。",
        _EN: "{number} becomes the phone of your account on {until}. "
        "If you did not ask for this, contact us at once: only our staff can stop it.",
    },
}
"""The words of ``phone_coming`` where a number appeal is stopped by nobody else."""
