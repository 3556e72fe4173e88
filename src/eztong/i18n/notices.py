"""A message in words, in each language: short, saying what to do if it was not you.

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
from datetime import datetime
from typing import Final

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import InputInvalid
from eztong.domain.feedback.ticket import grouped
from eztong.domain.message_texts.version import PublishedTexts
from eztong.domain.notices import Message, Topic
from eztong.domain.registration import Verdict
from eztong.domain.restrictions.mark import Cause
from eztong.i18n.assistance_notices import HELP, HELP_WORDS, NAMING, SOMEBODY
from eztong.i18n.case_notices import CASE, CASE_WORDS
from eztong.i18n.filling import fill
from eztong.i18n.message_texts import OWN_TEXTS, text_of
from eztong.i18n.moments import with_moments

CHINESE: Final = "zh-CN"
ENGLISH: Final = "en"
LANGUAGES: Final = (CHINESE, ENGLISH)

_CHOSEN: Final = {**HELP, **CASE}
_CHOSEN_WORDS: Final = {**HELP_WORDS, **CASE_WORDS}
_NONE: Final = PublishedTexts()

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


def render_text(message: Message, *, texts: PublishedTexts = _NONE) -> str:
    """Return the message in words: those that ``texts`` has in force, or else the program's own.

    Raises:
        InputInvalid: a param is missing or has no words; the detail names the param, never its value.
    """
    return _render(message.topic, message.params, language_of(message.language), texts=texts)


def signed(text: str, *, language: str, service: str) -> str:
    """Return a text that begins with the service's name, as Chinese gateways ask; without a name, as it is."""
    if not service:
        return text
    return f"[{service}] {text}" if language == ENGLISH else f"【{service}】{text}"


def render_subject(language: str, *, operator: str) -> str:
    """Return the subject of every e-mail: it tells nobody who looks over a shoulder what it is about."""
    return _SUBJECT[language_of(language)].format(operator=operator)


def render_notice(
    topic: Topic,
    params: Mapping[str, str],
    *,
    language: str,
    texts: PublishedTexts = _NONE,
    at: datetime | None = None,
) -> str:
    """Return the message as it is read again later, in the words of when it was told: ``at``.

    Where it held a link, it says that it did.

    Raises:
        InputInvalid: as :func:`render_text` says.
    """
    chosen = language_of(language)
    given = {name: words[chosen] for name, words in _IN_MESSAGE.items()} | dict(params)
    return _render(topic, given, chosen, texts=texts, at=at)


def _render(
    topic: Topic,
    given: Mapping[str, str],
    language: str,
    *,
    texts: PublishedTexts,
    at: datetime | None = None,
) -> str:
    params = with_moments(given, language=language)
    sentence = _sentence(text_of(topic, params), language, texts=texts, at=at)
    if "number" in params:
        params["number"] = grouped(params["number"])
    if topic in {Topic.OTP, Topic.WRONG_CODES}:
        params["purpose"] = _word(_PURPOSES, params.get("purpose", ""), language, name="purpose")
    elif topic is Topic.REGISTRATION_DECIDED:
        params["decision"] = _word(_DECISIONS, params.get("decision", ""), language, name="decision")
    elif topic in _CHOSEN:
        name = _CHOSEN[topic]
        value = f"{params.get('role', '')}/{params.get(name, '')}"
        params[name] = _word(_CHOSEN_WORDS[topic], value, language, name=name)
    elif topic in {Topic.ACCOUNT_RESTRICTED, Topic.RESTRICTION_LIFTED}:
        params["cause"] = _word(_CAUSES, params.get("cause", ""), language, name="cause")
    if topic in NAMING:
        params.setdefault("name", SOMEBODY[language])
    try:
        return fill(sentence, params, language=language)
    except KeyError as error:
        raise InputInvalid(f"A message of the topic {topic} needs the param {error}.") from error


def _sentence(text_id: str, language: str, *, texts: PublishedTexts, at: datetime | None) -> str:
    """Return the text with its placeholders; one that was made for other placeholders is left for the program's own."""
    own, wording = OWN_TEXTS[text_id], texts.wording(text_id, at=at)
    stands = not wording.is_own and wording.fits(own)
    return (wording if stands else own).text(language)


def _word(words: Mapping[str, Mapping[str, str]], value: str, language: str, *, name: str) -> str:
    if value not in words:
        raise InputInvalid(f"There are no words for this {name}.")
    return words[value][language]
