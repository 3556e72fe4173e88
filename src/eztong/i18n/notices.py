"""The words of every message, in each language: short, saying what to do if it was not you.

Few hold a link. Each does one thing alone, and whoever gets it may have no other way left.

What a topic's ``params`` must hold, and may hold:

* ``otp``: ``otp`` (the digits), perhaps ``minutes`` (they work so long; left out, until midnight) and ``purpose`` (an
  ``OtpPurpose``; left out, the message speaks of confirming the phone)
* ``registration_decided``: ``decision`` (a ``Verdict``); ``code_replayed`` and ``partner_closed``: ``partner``
* ``code_used``: ``partner``, ``at`` (day and minute) and ``link`` (freezes without signing in, once)
* ``email_proof``: ``link`` (proves the address, once); ``wrong_codes``: ``purpose`` (an ``OtpPurpose``)
* ``ticket_answered``, ``ticket_at_stake``, ``correction_refused`` and ``talk_*``: ``number`` (of the ticket), and
  ``ticket_at_stake`` perhaps ``kind`` (a ``TicketKind``; left out, as before it was said, the message speaks of both)
* ``account_frozen``: perhaps ``cause`` (the value of a ``FreezeCause``; left out, the holder's own)
* ``case_*``: as :mod:`eztong.i18n.case_notices` has them; ``document_ends``: ``until`` (the last valid day);
  ``account_restricted`` and ``restriction_lifted``: ``cause`` (the value of a ``Cause``)
* ``device_bound``, ``account_recovered``, ``recovery_stopped``, ``registered_again``, ``passkey_added``,
  ``pin_changed``, ``after_death_chosen``, ``authorisation_withdrawn``, ``email_added``, ``email_removed`` and
  ``test``: nothing
* ``recovery_waiting``, ``phone_changed``, ``phone_waiting``: ``until`` (day and minute) and ``link`` (stops it, once)
* ``guardian_decided``, ``guardian_ended`` and ``came_of_age``: ``role`` (``ward`` or ``guardian``) with ``decision``
  (``confirmed`` or ``refused``), ``why`` (a ``CareEnd``) or ``band`` (an ``AgeBand``, perhaps with ``kept`` as
  ``case``); ``taken_over``: ``role`` with ``what`` (``taken_over``, perhaps with ``of_age`` as ``case``, or
  ``taken_back``, perhaps with ``loss``); ``ward_news``: nothing, or ``role`` and a topic as ``what``
* ``helper_*`` and ``helping_*``: as :mod:`eztong.i18n.assistance_notices` has them
* ``phone_coming``: ``until`` and ``number`` (masked), perhaps with ``staff`` (who alone stop it) as ``case``;
  ``phone_added``: ``number``
* ``phone_kept``, ``name_corrected`` and ``application_lapsed``: nothing; ``agreements_*`` and ``clause_*``: as
  :mod:`eztong.i18n.agreement_notices` has them

Params are filled in once and never read as a pattern again, so a partner's name cannot bring words of its own shape.
The same words stand on the page of notices; a link is in the message alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import InputInvalid
from eztong.domain.feedback.ticket import grouped
from eztong.domain.holder import FreezeCause
from eztong.domain.notices import Message, Topic
from eztong.domain.registration import Verdict
from eztong.domain.restrictions.mark import Cause
from eztong.i18n.agreement_notices import AGREEMENT_SENTENCES
from eztong.i18n.assistance_notices import HELP, HELP_SENTENCES, HELP_WORDS, NAMING, SOMEBODY
from eztong.i18n.case_notices import CASE, CASE_SENTENCES, CASE_WORDS
from eztong.i18n.family_notices import FAMILY, FAMILY_SENTENCES, FAMILY_WORDS
from eztong.i18n.filling import fill
from eztong.i18n.moments import with_moments
from eztong.i18n.talk_notices import TALK_SENTENCES
from eztong.i18n.ticket_notices import AT_STAKE_SENTENCES, COMING_SENTENCES, TICKET_SENTENCES

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en"
LANGUAGES: Final = (CHINESE, ENGLISH)

_CHOSEN: Final = {**FAMILY, **HELP, **CASE}
_CHOSEN_WORDS: Final = {**FAMILY_WORDS, **HELP_WORDS, **CASE_WORDS}

SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    **FAMILY_SENTENCES,
    **HELP_SENTENCES,
    Topic.OTP: {
        CHINESE: "验证码 {otp}，用于{purpose}，{minutes} 分钟内有效。"
        "不要告诉任何人，我们的工作人员也不会向您索要。如非本人操作，请忽略本短信。",
        ENGLISH: "{otp} is your code to {purpose}. It works for {minutes} minutes. "
        "Do not tell it to anyone; our staff will never ask for it. If you did not ask for it, ignore this message.",
    },
    Topic.REGISTRATION_DECIDED: {
        CHINESE: "您的网络身份注册申请有了结果：{decision}",
        ENGLISH: "Your application for an online identity: {decision}",
    },
    Topic.APPLICATION_LAPSED: {
        CHINESE: "您的网络身份注册申请 30 天没有收到补充说明，已经终止，填写的姓名、号码和手机号都已删除。"
        "需要时可以重新申请。",
        ENGLISH: "What we asked about your application for an online identity was not answered for 30 days. It has "
        "ended, and the name, number and phone that were entered are erased. You can apply again.",
    },
    Topic.CODE_USED: {
        CHINESE: "您的身份 {at} 在「{partner}」核验过。如非本人操作，请打开 {link} 冻结账户，不用登录，24 小时内有效。",
        ENGLISH: "You were verified at “{partner}” ({at}). If that was not you, freeze your account at {link}; "
        "you need not sign in. The link works for 24 hours.",
    },
    Topic.CODE_REPLAYED: {
        CHINESE: "有人在「{partner}」再次出示了您已用过的身份码，已被拒绝。"
        "请勿让他人拍摄您的身份码；如有疑虑，请立即冻结账户。",
        ENGLISH: "A code of yours that was already used was tried again at “{partner}” and refused. "
        "Let no one photograph your code; if in doubt, freeze your account at once.",
    },
    Topic.PARTNER_CLOSED: {
        CHINESE: "「{partner}」已停用本服务，您给它的授权和它识别您的编码都已失效。它收到的信息，请联系它删除。",
        ENGLISH: "“{partner}” has left the service. Whatever you allowed it has ended, and the code by which it knows "
        "you is verified no more. To have it erase what it received, write to it.",
    },
    Topic.ACCOUNT_FROZEN: {
        CHINESE: "您的账户已冻结，所有身份码和登录立即失效。如非本人操作，请联系我们；本人可重新核验身份后解冻。",
        ENGLISH: "Your account is frozen: every code and every sign-in ended at once. "
        "If you did not ask for this, contact us. You can lift the freeze by proving your identity again.",
    },
    Topic.DEVICE_BOUND: {
        CHINESE: "您的账户刚刚在一台新设备上登录，原设备已停用。如非本人操作，请立即挂失。",
        ENGLISH: "Your account was just opened on a new device, and the earlier one stopped working. "
        "If that was not you, freeze your account at once.",
    },
    Topic.ACCOUNT_RECOVERED: {
        CHINESE: "您的账户已找回，之前的设备、登录和通行密钥全部失效。如非本人操作，请立即挂失。",
        ENGLISH: "Your account was recovered: earlier devices, sign-ins and passkeys all ended. "
        "If that was not you, freeze your account at once.",
    },
    Topic.WRONG_CODES: {
        CHINESE: "有人想{purpose}，多次输错了发给您的验证码，没有成功。"
        "如果不是您本人，账户没有变化，不要把验证码告诉任何人；如有疑虑，请冻结账户。",
        ENGLISH: "Somebody typed wrong codes several times to {purpose} with your account, without success. "
        "If it was not you, nothing happened: tell your codes to nobody; if in doubt, freeze your account.",
    },
    Topic.REGISTERED_AGAIN: {
        CHINESE: "有人用您的姓名和证件号码再次申请注册，已被拒绝，您的账户没有变化。"
        "如果不是您本人，说明有人知道您的信息，请留意。",
        ENGLISH: "Somebody applied again with your name and document number and was refused; "
        "your account is as it was. If it was not you, somebody knows these data: take care.",
    },
    Topic.RECOVERY_WAITING: {
        CHINESE: "有人凭短信验证码和您的姓名、号码申请找回账户，将于 {until} 生效。"
        "如非本人操作，请打开 {link} 立即阻止，不用登录。",
        ENGLISH: "Somebody asked to recover your account with a message code, your name and your number. "
        "It takes effect on {until}. If that was not you, stop it at {link}; you need not sign in.",
    },
    Topic.RECOVERY_STOPPED: {
        CHINESE: "账户找回已被阻止。72 小时内，只能用通行密钥或 PIN 码找回。如有疑虑，请立即挂失或联系我们。",
        ENGLISH: "The recovery of your account that was waiting has been stopped. "
        "For 72 hours only a passkey or the PIN can recover it. If in doubt, freeze your account or contact us.",
    },
    Topic.PASSKEY_ADDED: {
        CHINESE: "您的账户新增了一个通行密钥，可用它登录和找回账户。"
        "如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        ENGLISH: "A passkey was added to your account; it can sign in and recover the account. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.PIN_CHANGED: {
        CHINESE: "您的账户的 PIN 码已更改。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        ENGLISH: "The PIN of your account was changed. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.AFTER_DEATH_CHOSEN: {
        CHINESE: "您的账户更改了“身后安排”。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        ENGLISH: "Your account's choice for after your death was changed. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.AUTHORISATION_WITHDRAWN: {
        CHINESE: "您的账户撤回了《用户授权协议》，身份认证已经停止，未用的身份码作废。记录仍可查看，"
        "重新同意后可以继续使用。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        ENGLISH: "Your account withdrew the user authorisation agreement: authentication has stopped and unused codes "
        "are void. Your records stay readable, and you can agree again. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.DOCUMENT_ENDS: {
        CHINESE: "您登记的身份证件有效期至 {until}，到期后只能用于要求不高的场景。"
        "换领新证后，请登录并在“我的 > 资料核对”里按“重新核对”。",
        ENGLISH: "The identity document on your account is valid until {until}; after that only simple uses work. "
        "Once you have a new one, sign in and press “Check again” under Me > Identity check.",
    },
    Topic.ACCOUNT_RESTRICTED: {
        CHINESE: "您的账户的使用受到限制，原因：{cause}。还能用什么、怎么恢复，请登录后在“我的 > 资料核对”查看。",
        ENGLISH: "The use of your account was limited: {cause}. "
        "What still works and how to mend it, you see under Me > Identity check after signing in.",
    },
    Topic.RESTRICTION_LIFTED: {
        CHINESE: "您的账户的一项限制已解除：{cause}。如非本人操作，请联系我们。",
        ENGLISH: "A limit on your account was lifted: {cause}. If you did not expect this, contact us.",
    },
    Topic.DEREGISTRATION_ASKED: {
        CHINESE: "您已申请注销账户，编号 {number}。账户已停用，{until} 前可以在网页上撤回，之后删除且不能恢复。"
        "如非本人操作，请马上挂失并选择“账户可能被盗用”，注销随即停止。",
        ENGLISH: "Your account is being deregistered: number {number}. It does nothing any more; until {until} you can "
        "undo this on our pages, then it is erased for good. If that was not you, freeze it at once and choose "
        "“Someone may be using my account”: that stops it.",
    },
    Topic.DEREGISTRATION_UNDONE: {
        CHINESE: "注销申请 {number} 已撤回，您的账户回到申请之前的状态。如非本人操作，请马上挂失并联系我们。",
        ENGLISH: "The deregistration {number} was undone; your account is as it was before. "
        "If that was not you, freeze it at once and contact us.",
    },
    Topic.DEREGISTERED: {
        CHINESE: "注销已办结，您的账户和个人信息已删除。回执可凭编号 {number} 和查询密码在“意见反馈”查询页下载。",
        ENGLISH: "Deregistration is done: your account and personal data are erased. With the number {number} and the "
        "secret you can download the receipt from the page “Look up feedback”.",
    },
    Topic.PHONE_CHANGED: {
        CHINESE: "您的账户已换到另一个手机号，不再用本号码登录。"
        "如非本人操作，请在 {until} 前打开 {link} 换回，不用登录。",
        ENGLISH: "Your account was moved to another number; this one signs in no more. "
        "If that was not you, take it back at {link} until {until}; you need not sign in.",
    },
    Topic.PHONE_WAITING: {
        CHINESE: "有人申请把您的账户换到另一个手机号，将于 {until} 生效。"
        "如非本人操作，请打开 {link} 立即阻止，不用登录。",
        ENGLISH: "Somebody asked to move your account to another number. It takes effect on {until}. "
        "If that was not you, stop it at {link}; you need not sign in.",
    },
    Topic.PHONE_ADDED: {
        CHINESE: "手机号 {number} 已成为您的账户的手机号，通知和验证码发到这里。如果您没有办理，请立即挂失或联系我们。",
        ENGLISH: "{number} is now the phone of your account: its codes and news go there. "
        "If you did not ask for this, freeze the account at once or contact us.",
    },
    Topic.PHONE_COMING: {
        CHINESE: "手机号 {number} 将于 {until} 成为您的账户的手机号。如果您没有办理，请立即挂失或联系我们。",
        ENGLISH: "{number} becomes the phone of your account on {until}. "
        "If you did not ask for this, freeze the account at once or contact us.",
    },
    Topic.PHONE_KEPT: {
        CHINESE: "账户更换手机号已被阻止或换回，原手机号保持不变。如有疑虑，请立即挂失或联系我们。",
        ENGLISH: "The change of an account's phone was stopped or taken back: the old number stays. "
        "If in doubt, freeze the account at once or contact us.",
    },
    Topic.NAME_CORRECTED: {
        CHINESE: "您的账户的姓名已按身份机构的记录更正。如非本人操作，请立即冻结账户，并选择“账户可能被盗用”。",
        ENGLISH: "The name of your account was corrected, as the identity authority has it. "
        "If that was not you, freeze it at once and choose “Someone may be using my account”.",
    },
    Topic.EMAIL_PROOF: {
        CHINESE: "有人把这个邮箱填写为接收账户通知的邮箱。如果是您本人，请在一小时内打开 {link} 确认。"
        "如果不是，请不要确认，也不用做什么：没有确认，我们不会再发邮件到这里。",
        ENGLISH: "Somebody gave this address to receive the notices of an account. If that was you, confirm it within "
        "an hour at {link}. If not, do nothing: without that we send nothing here.",
    },
    Topic.EMAIL_ADDED: {
        CHINESE: "您的账户添加了一个邮箱，通知会同时发到那里。邮箱不能用来登录或找回账户。"
        "如非本人操作，请立即冻结账户，并在“我的 > 通知”中删除它。",
        ENGLISH: "An e-mail address was added to your account; notices go there, too. It neither signs in nor "
        "recovers the account. If that was not you, freeze your account at once, and remove it under Me > Notices.",
    },
    Topic.EMAIL_REMOVED: {
        CHINESE: "您的账户的邮箱已删除，通知不再发到那里。如非本人操作，请立即冻结账户。",
        ENGLISH: "The e-mail address of your account was removed; notices no longer go there. "
        "If that was not you, freeze your account at once.",
    },
    Topic.TEST: {
        CHINESE: "这是一条测试消息，用来检查消息能否送达。您不需要做什么。",
        ENGLISH: "This is a test of whether messages arrive. You need not do anything.",
    },
    **TALK_SENTENCES,
    **CASE_SENTENCES,
    **TICKET_SENTENCES,
    **AGREEMENT_SENTENCES,
}

_STOPPED_BY_US: Final[Mapping[str, str]] = {
    CHINESE: "您的账户已被停用，所有身份码和登录立即失效。这不是您本人操作的，也不能自行恢复："
    "请联系我们了解原因，核实后恢复。",
    ENGLISH: "Your account was stopped, not by you: every code and every sign-in ended at once. "
    "You cannot undo this yourself. Contact us for the reason; after a check the account opens again.",
}
"""The words of ``account_frozen`` where the operator or the risk rules froze."""

_STOPPED_BY_GUARDIAN: Final[Mapping[str, str]] = {
    CHINESE: "您的账户已由监护人冻结，或者没有监护人了，所有身份码和登录立即失效。请让监护人在“我的 > 家人”中解除，"
    "或者登录后邀请新的监护人。",
    ENGLISH: "Your account was frozen by your guardian, or has none any more: every code and every sign-in ended at "
    "once. Ask your guardian to undo it under Me > Family, or sign in and invite a new one.",
}
"""The words of ``account_frozen`` where a guardian froze, or a ward has none."""

_UNTIL_MIDNIGHT: Final[Mapping[str, str]] = {
    CHINESE: "验证码 {otp}，用于{purpose}，今天 24 点前有效；今天请求次数较多，再次请求仍用此码。"
    "不要告诉任何人，我们的工作人员也不会向您索要。如非本人操作，请忽略本短信。",
    ENGLISH: "{otp} is your code to {purpose}. It works until midnight, also if you ask again: many codes were asked "
    "for today. Do not tell it to anyone; our staff will never ask for it. "
    "If you did not ask for it, ignore this message.",
}
"""The words of ``otp`` for the reserve code."""

_DECISIONS: Final[Mapping[str, Mapping[str, str]]] = {
    Verdict.APPROVE.value: {
        CHINESE: "已通过，现在可以使用。",
        ENGLISH: "approved. You can use it now.",
    },
    Verdict.APPROVE_RESTRICTED.value: {
        CHINESE: "已通过，目前仅可用于部分场景，请登录查看。",
        ENGLISH: "approved for some uses only. Sign in to see which.",
    },
    Verdict.REFUSE.value: {
        CHINESE: "未通过。请登录查看原因和申诉办法。",
        ENGLISH: "not approved. Sign in to see why, and how to object.",
    },
    Verdict.REVIEW.value: {
        CHINESE: "需要人工复核，请等待我们的通知。",
        ENGLISH: "a person will look at it. Wait for our next message.",
    },
    Verdict.SUPPLEMENT.value: {
        CHINESE: "还需要您补充，请登录查看。",
        ENGLISH: "something is missing. Sign in to see what.",
    },
}

_CAUSES: Final[Mapping[str, Mapping[str, str]]] = {
    Cause.DOCUMENT_EXPIRED.value: {CHINESE: "证件已过有效期", ENGLISH: "the document has expired"},
    Cause.DATA_DOUBT.value: {CHINESE: "登记的资料需要核实", ENGLISH: "what is stored needs checking"},
    Cause.RISK.value: {CHINESE: "账户可能被他人使用", ENGLISH: "somebody else may be using it"},
    Cause.OPERATOR.value: {CHINESE: "依法或依要求限制", ENGLISH: "by law or by an order"},
    Cause.CASE.value: {CHINESE: "违规使用的处理决定", ENGLISH: "a decision about misuse"},
    Cause.MINOR_LIMITS.value: {CHINESE: "监护人设的限制", ENGLISH: "limits set by the guardian"},
    Cause.ASKED.value: {CHINESE: "您要求暂停使用", ENGLISH: "you asked to pause its use"},
}

_PURPOSES: Final[Mapping[str, Mapping[str, str]]] = {
    "": {CHINESE: "确认您的手机号", ENGLISH: "confirm your phone"},
    OtpPurpose.REGISTER.value: {CHINESE: "注册网络身份", ENGLISH: "register your online identity"},
    OtpPurpose.SIGN_IN.value: {CHINESE: "登录", ENGLISH: "sign in"},
    OtpPurpose.FREEZE.value: {CHINESE: "冻结账户", ENGLISH: "freeze your account"},
    OtpPurpose.CHANGE_FROM.value: {CHINESE: "把账户换到别的手机号", ENGLISH: "move your account to another phone"},
    OtpPurpose.CHANGE_TO.value: {CHINESE: "把账户换到这个手机号", ENGLISH: "move an account to this phone"},
    OtpPurpose.TAKE_OVER.value: {CHINESE: "接管监护人为您保管的账户", ENGLISH: "take over an account from a guardian"},
    OtpPurpose.RECOVER.value: {CHINESE: "找回账户", ENGLISH: "recover your account"},
    OtpPurpose.APPLICATION.value: {CHINESE: "查看注册申请", ENGLISH: "see your application"},
}

_IN_MESSAGE: Final[Mapping[str, Mapping[str, str]]] = {
    "link": {CHINESE: "消息中的链接", ENGLISH: "the link in the message"},
    "secret": {CHINESE: "（见当时的短信）", ENGLISH: "(that came by message)"},
}
"""What stands on the page in the place of params that are :data:`~eztong.domain.notices.ONLY_SENT`."""

_SUBJECT: Final[Mapping[str, str]] = {CHINESE: "来自 {operator} 的通知", ENGLISH: "A notice from {operator}"}


def language_of(asked_for: str) -> str:
    """Return the language of ours that serves ``asked_for``; Chinese unless English was asked for."""
    return ENGLISH if asked_for.partition("-")[0].lower() == ENGLISH else CHINESE


def render_text(message: Message) -> str:
    """Return the message in words.

    Raises:
        InputInvalid: a param is missing or has no words; the detail names the param, never its value.
    """
    return _render(message.topic, message.params, language_of(message.language))


def render_subject(language: str, *, operator: str) -> str:
    """Return the subject of every e-mail: it tells nobody who looks over a shoulder what it is about."""
    return _SUBJECT[language_of(language)].format(operator=operator)


def render_notice(topic: Topic, params: Mapping[str, str], *, language: str) -> str:
    """Return the message as it is read again later: where it held a link, it says that it did.

    Raises:
        InputInvalid: as :func:`render_text` says.
    """
    chosen = language_of(language)
    return _render(topic, {name: words[chosen] for name, words in _IN_MESSAGE.items()} | dict(params), chosen)


def _render(topic: Topic, given: Mapping[str, str], language: str) -> str:
    params = with_moments(given, language=language)
    sentences = _sentences(topic, params)
    if "number" in params:
        params["number"] = grouped(params["number"])
    if topic in {Topic.OTP, Topic.WRONG_CODES}:
        params["purpose"] = _word(_PURPOSES, params.get("purpose", ""), language, name="purpose")
    elif topic is Topic.REGISTRATION_DECIDED:
        params["decision"] = _word(_DECISIONS, params.get("decision", ""), language, name="decision")
    elif topic in _CHOSEN:
        name = _CHOSEN[topic]
        value = f"{params.get('role', '')}/{params.get(name, '')}"
        in_case = f"{value}/{params.get('case', '')}"
        words = _CHOSEN_WORDS[topic]
        params[name] = _word(words, in_case if in_case in words else value, language, name=name)
    elif topic in {Topic.ACCOUNT_RESTRICTED, Topic.RESTRICTION_LIFTED}:
        params["cause"] = _word(_CAUSES, params.get("cause", ""), language, name="cause")
    if topic in NAMING:
        params.setdefault("name", SOMEBODY[language])
    try:
        return fill(sentences[language], params, language=language)
    except KeyError as error:
        raise InputInvalid(f"A message of the topic {topic} needs the param {error}.") from error


def _sentences(topic: Topic, params: Mapping[str, str]) -> Mapping[str, str]:
    """Return the topic's words, where the params choose between some."""
    cause = params.get("cause", FreezeCause.SELF)
    if topic is Topic.OTP and "minutes" not in params:
        return _UNTIL_MIDNIGHT
    if topic is Topic.ACCOUNT_FROZEN and cause != FreezeCause.SELF:
        return _STOPPED_BY_GUARDIAN if cause == FreezeCause.GUARDIAN else _STOPPED_BY_US
    if topic is Topic.PHONE_COMING:
        return COMING_SENTENCES.get(params.get("case", ""), SENTENCES[topic])
    if topic is Topic.TICKET_AT_STAKE:
        return AT_STAKE_SENTENCES.get(params.get("kind", ""), SENTENCES[topic])
    return SENTENCES[topic]


def _word(words: Mapping[str, Mapping[str, str]], value: str, language: str, *, name: str) -> str:
    if value not in words:
        raise InputInvalid(f"There are no words for this {name}.")
    return words[value][language]
