"""The words of messages about helpers: to the elder, and to the helper, who reads what happened and never the message.

The elder's masked name goes out with the message alone. On the page it is opened anew, by the elder's own key, as long
as the help lasts; where it is not known, :data:`SOMEBODY` stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.assistance.assistance import AssistanceEnd
from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

SOMEBODY: Final[Mapping[str, str]] = {_ZH: "一位家人或朋友", _EN: "somebody"}
"""Stands for the name of whom the helper helps, where it is not known."""

NAMING: Final = frozenset({Topic.HELPER_NEWS, Topic.HELPING_BEGAN, Topic.HELPING_ENDED})
"""Topics whose sentence has the ``name`` of whom the helper helps, if it is known."""

HELP: Final[Mapping[Topic, str]] = {
    Topic.HELPER_ENDED: "why",
    Topic.HELPING_ENDED: "why",
    Topic.HELPER_NEWS: "what",
}
"""The param that, with the ``role`` of who is told, chooses the words of these topics."""

HELP_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.HELPER_ACCEPTED: {
        _ZH: "有人输入了您的协助人邀请码。请登录后在“我的 > 家人”中核对是谁，再决定是否确认。"
        "如果您没有邀请协助人，请马上冻结账户并联系我们。",
        _EN: "Somebody typed the digits of your invitation for a helper. Sign in, look under Me > Family who it is, "
        "and confirm or not. If you invited nobody, freeze your account at once and contact us.",
    },
    Topic.HELPER_BEGAN: {
        _ZH: "您确认了一位协助人，到 {until} 自动结束。协助人只会收到提醒，看不到您的验证码、身份码和个人信息。"
        "如非本人操作，请马上冻结账户，并在“我的 > 家人”中结束协助。",
        _EN: "You confirmed a helper, until {until}. A helper gets reminders alone, and never your message codes, your "
        "codes or your data. If that was not you, freeze your account at once, and end it under Me > Family.",
    },
    Topic.HELPER_ENDED: {
        _ZH: "您的协助人不再收到提醒：{why}。如需要，您可以在“我的 > 家人”中重新邀请。",
        _EN: "Your helper gets no reminders any more: {why}. You can invite one again under Me > Family.",
    },
    Topic.HELPING_BEGAN: {
        _ZH: "您开始协助{name}，到 {until} 自动结束。对方的账户有需要留意的情况时，我们会提醒您。"
        "任何人让您索要对方的验证码，都是诈骗。",
        _EN: "You help {name} until {until}: we tell you when something in their account needs looking at. "
        "Whoever wants you to ask for their codes is a fraud.",
    },
    Topic.HELPING_ENDED: {
        _ZH: "您对{name}的协助已结束：{why}。",
        _EN: "You no longer help {name}: {why}.",
    },
    Topic.HELPER_NEWS: {
        _ZH: "您协助的{name}的账户：{what}。请告诉本人，由本人登录查看和处理；不要索要对方的验证码。",
        _EN: "The account of {name}, whom you help: {what}. Tell them; they sign in and look themselves. "
        "Do not ask for their codes.",
    },
}
"""The sentences, by topic and language."""

_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    AssistanceEnd.TIME: {_ZH: "约定的时间已到", _EN: "the time that was agreed is over"},
    AssistanceEnd.STOPPED: {_ZH: "账户冻结、挂失或找回", _EN: "the account was frozen, lost or recovered"},
    AssistanceEnd.ACCOUNT: {_ZH: "一方的账户已注销", _EN: "the account of one side ended"},
}
HELP_WORDS: Final[Mapping[Topic, Mapping[str, Mapping[str, str]]]] = {
    Topic.HELPER_ENDED: {
        **{f"elder/{why}": words for why, words in _WHY.items()},
        f"elder/{AssistanceEnd.ELDER}": {_ZH: "您结束了协助", _EN: "you ended it"},
        f"elder/{AssistanceEnd.HELPER}": {_ZH: "协助人结束了协助", _EN: "the helper ended it"},
        f"elder/{AssistanceEnd.REPLACED}": {_ZH: "您作了新的邀请或换了协助人", _EN: "you invited anew"},
    },
    Topic.HELPING_ENDED: {
        **{f"helper/{why}": words for why, words in _WHY.items()},
        f"helper/{AssistanceEnd.ELDER}": {_ZH: "对方结束或没有确认", _EN: "they ended it, or did not confirm"},
        f"helper/{AssistanceEnd.HELPER}": {_ZH: "您结束了协助", _EN: "you ended it"},
        f"helper/{AssistanceEnd.REPLACED}": {_ZH: "对方作了新的邀请", _EN: "they invited anew"},
    },
    Topic.HELPER_NEWS: {
        f"helper/{Topic.CASE_DECIDED}": {_ZH: "有一项需要本人查看的决定", _EN: "a decision waits to be read by them"},
        f"helper/{Topic.CODE_USED}": {_ZH: "身份码刚被使用", _EN: "a code was just used"},
        f"helper/{Topic.CODE_REPLAYED}": {_ZH: "用过的身份码又被人出示", _EN: "a used code was shown again"},
        f"helper/{Topic.ACCOUNT_FROZEN}": {_ZH: "已被冻结", _EN: "it was frozen"},
        f"helper/{Topic.DEVICE_BOUND}": {_ZH: "在一部新的手机上登录", _EN: "a new device signed in"},
        f"helper/{Topic.ACCOUNT_RECOVERED}": {_ZH: "被重新找回", _EN: "it was recovered"},
        f"helper/{Topic.WRONG_CODES}": {_ZH: "验证码被多次输错", _EN: "wrong codes were typed several times"},
        f"helper/{Topic.REGISTERED_AGAIN}": {
            _ZH: "有人用同一身份再次注册",
            _EN: "somebody registered again with the same identity",
        },
        f"helper/{Topic.RECOVERY_WAITING}": {
            _ZH: "有人申请找回账户，本人可以用短信里的链接阻止",
            _EN: "somebody asked to recover it; they can stop that by the link in their message",
        },
        f"helper/{Topic.PASSKEY_ADDED}": {_ZH: "添加了通行密钥", _EN: "a passkey was added"},
        f"helper/{Topic.PIN_CHANGED}": {_ZH: "解锁密码已更改", _EN: "the PIN was changed"},
        f"helper/{Topic.AUTHORISATION_WITHDRAWN}": {
            _ZH: "授权已撤回",
            _EN: "the authorisation was withdrawn",
        },
        f"helper/{Topic.AGREEMENTS_ASK}": {_ZH: "有新的协议等待本人同意", _EN: "new agreements wait for their answer"},
        f"helper/{Topic.DOCUMENT_ENDS}": {
            _ZH: "身份证件快要到期或已到期",
            _EN: "the document ends soon, or has ended",
        },
        f"helper/{Topic.ACCOUNT_RESTRICTED}": {_ZH: "使用受到限制", _EN: "its use was limited"},
        f"helper/{Topic.EMAIL_ADDED}": {_ZH: "添加了接收通知的邮箱", _EN: "an e-mail for notices was added"},
        f"helper/{Topic.EMAIL_REMOVED}": {
            _ZH: "删除了接收通知的邮箱",
            _EN: "the e-mail for notices was removed",
        },
        f"helper/{Topic.PHONE_CHANGED}": {_ZH: "更换了手机号", _EN: "its phone was changed"},
        f"helper/{Topic.PHONE_WAITING}": {
            _ZH: "有人申请更换手机号，本人可以用短信里的链接阻止",
            _EN: "somebody asked to change its phone; they can stop that by the link in their message",
        },
        f"helper/{Topic.DEREGISTRATION_ASKED}": {
            _ZH: "申请了注销，期限内本人可以撤回",
            _EN: "it is being deregistered; they can undo that for a while",
        },
    },
}
"""The words of every choice, by topic."""
