"""The words of messages about guardianship: they differ for who is told, the ward or the guardian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import CareEnd
from eztong.domain.identity.age import AgeBand
from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

FAMILY: Final[Mapping[Topic, str]] = {
    Topic.GUARDIAN_DECIDED: "decision",
    Topic.GUARDIAN_ENDED: "why",
    Topic.CAME_OF_AGE: "band",
    Topic.TAKEN_OVER: "what",
    Topic.WARD_NEWS: "what",
}
"""The param that, with the ``role`` of who is told and perhaps a ``case``, chooses the words of these topics.

The ``case`` comes last: ``kept``, where the guardian has to hand the account over; ``of_age``, where nothing can be had
back. Without words of its own it changes nothing.
"""

_ENDED_FOR_WARD: Final[Mapping[str, str]] = {
    _ZH: "您的监护关系已结束。未满 18 周岁的，请登录后邀请新的监护人，之前账户停用。如有疑问请联系我们。",
    _EN: "Your guardianship ended. Under 18, sign in and invite a new guardian; until then the account does "
    "nothing. If in doubt contact us.",
}
_ENDED_FOR_GUARDIAN: Final[Mapping[str, str]] = {
    _ZH: "一项监护关系已结束，您不能再查看和管理那个账户。如非您本人操作，请联系我们。",
    _EN: "A guardianship of yours ended: you can no longer see or manage that account. "
    "If you did not ask for this, contact us.",
}
FAMILY_WORDS: Final[Mapping[Topic, Mapping[str, Mapping[str, str]]]] = {
    Topic.GUARDIAN_DECIDED: {
        "ward/confirmed": {
            _ZH: "您的监护人已确认，申请继续办理。如果您不认识确认的人，请马上联系我们。",
            _EN: "Your guardian confirmed you, and your application goes on. "
            "If you do not know who that was, contact us at once.",
        },
        "guardian/confirmed": {
            _ZH: "您的监护关系已确认，请在“我的 > 家人”中查看。如非您本人操作，请马上冻结账户并联系我们。",
            _EN: "You were confirmed as guardian; look under Me > Family. "
            "If you did not ask for this, freeze your account at once and contact us.",
        },
        "ward/refused": {
            _ZH: "监护关系没有得到确认，您可以重新邀请监护人。",
            _EN: "The guardianship was not confirmed. You can invite a guardian again.",
        },
        "guardian/refused": {
            _ZH: "您申报的监护关系没有得到确认，原因请在“我的 > 家人”中查看。有异议请通过意见反馈提出。",
            _EN: "The guardianship that you declared was not confirmed; read why under Me > Family. "
            "To object, write to us under Feedback.",
        },
    },
    Topic.GUARDIAN_ENDED: {
        **{f"ward/{why}": _ENDED_FOR_WARD for why in CareEnd},
        **{f"guardian/{why}": _ENDED_FOR_GUARDIAN for why in CareEnd},
        f"ward/{CareEnd.AGE}": {
            _ZH: "您已满 18 周岁，监护关系自动结束，账户由您自己管理。",
            _EN: "You are 18: guardianship ended by itself, and the account is yours alone.",
        },
    },
    Topic.WARD_NEWS: {
        "/": {
            _ZH: "由您监护的账户有新的动态，请登录后在“我的 > 家人”中查看。",
            _EN: "Something happened in an account in your care. Sign in and look under Me > Family.",
        },
        f"guardian/{Topic.DEREGISTRATION_ASKED}": {
            _ZH: "由您监护的账户已申请注销，72 小时内可在“我的 > 家人”中撤回。"
            "如非您本人操作，请马上撤回、冻结您的账户并联系我们。",
            _EN: "The end of an account in your care was asked for; for 72 hours you can undo it under Me > Family. "
            "If you did not ask for this, undo it, freeze your own account at once and contact us.",
        },
    },
    Topic.TAKEN_OVER: {
        f"ward/{EventKind.TAKEN_OVER}": {
            _ZH: "账户已转到这个手机号，由您自己管理。监护人此前所作的授权已结束，请登录后自行同意。"
            "72 小时内，监护人可以收回账户。如非您本人操作，请马上冻结账户并联系我们。",
            _EN: "The account is on this phone now, and yours to manage. What your guardian authorised ended: "
            "sign in and agree yourself. For 72 hours your guardian can take the account back. "
            "If you did not ask for this, freeze the account at once and contact us.",
        },
        f"guardian/{EventKind.TAKEN_OVER}": {
            _ZH: "由您监护的账户已由本人接管，此后由本人登录和出示身份码。"
            "如非您和本人操作，请马上在“我的 > 家人”中收回，72 小时内有效。",
            _EN: "Somebody in your care took the account over, and now signs in and shows their own codes. "
            "If that was neither of you, take it back under Me > Family at once, within 72 hours.",
        },
        f"ward/{EventKind.TAKEN_OVER}/of_age": {
            _ZH: "账户已转到这个手机号，由您自己管理，监护关系已结束。监护人此前所作的授权也已结束，请登录后自行同意。"
            "如非您本人操作，请马上冻结账户并联系我们。",
            _EN: "The account is on this phone now, and yours alone: guardianship ended, and so did what your guardian "
            "authorised. Sign in and agree yourself. "
            "If you did not ask for this, freeze the account at once and contact us.",
        },
        f"guardian/{EventKind.TAKEN_OVER}/of_age": {
            _ZH: "由您监护的账户已由本人接管，本人已满 18 周岁，监护关系随之结束。如非您和本人操作，请马上联系我们。",
            _EN: "Somebody in your care who is 18 or older took the account over, and guardianship ended with it. "
            "If that was neither of you, contact us at once.",
        },
        f"ward/{EventKind.TAKEN_BACK}": {
            _ZH: "监护人已收回账户，这个手机号不再能登录，在此期间的同意和设置已结束。如有疑问请联系您的监护人或我们。",
            _EN: "The guardian took the account back: this phone signs in no more, and what was agreed and set since "
            "ended. If in doubt ask your guardian, or us.",
        },
        f"guardian/{EventKind.TAKEN_BACK}": {
            _ZH: "您已收回由您监护的账户，可以重新交给本人。如非您本人操作，请马上冻结您的账户并联系我们。",
            _EN: "You took an account in your care back, and can hand it over anew. "
            "If you did not ask for this, freeze your own account at once and contact us.",
        },
        f"ward/{EventKind.TAKEN_BACK}/loss": {
            _ZH: "监护人的手机或账户曾挂失或恢复，因此您不久前接管的账户已回到监护人名下，这个手机号不再能登录。"
            "请让监护人重新交给您；如有疑问请联系我们。",
            _EN: "Your guardian told a loss or recovered their account, so the account that you took over shortly "
            "before is back with them, and this phone signs in no more. Ask your guardian to hand it over anew; "
            "if in doubt ask us.",
        },
        f"guardian/{EventKind.TAKEN_BACK}/loss": {
            _ZH: "因您挂失或恢复了账户，由您监护、不久前被接管的账户已自动收回。您恢复使用后，可以重新交给本人。",
            _EN: "As you told a loss or recovered your account, an account in your care that was taken over shortly "
            "before is back with you. Once your own account is in use again, hand it over anew.",
        },
    },
    Topic.CAME_OF_AGE: {
        f"ward/{AgeBand.MINOR}": {
            _ZH: "您已满 14 周岁，身份码由您自己出示。监护人仍可以查看使用记录、设置限制、冻结账户。",
            _EN: "You are 14: you show your codes yourself. "
            "Your guardian can still see records, set limits and freeze.",
        },
        f"guardian/{AgeBand.MINOR}": {
            _ZH: "由您监护的人已满 14 周岁，身份码由本人出示。您仍可以查看使用记录、设置限制、冻结账户。",
            _EN: "Somebody in your care is 14 and shows their own codes. "
            "You can still see records, set limits and freeze.",
        },
        f"guardian/{AgeBand.MINOR}/kept": {
            _ZH: "由您监护的人已满 14 周岁，您不再代为出示身份码。"
            "请在“我的 > 家人”把账户交给本人；交接之前，谁也不能出示身份码。",
            _EN: "Somebody in your care is 14, so you no longer show their code. "
            "Hand the account over under Me > Family; until then nobody can show a code.",
        },
        f"guardian/{AgeBand.ADULT}/kept": {
            _ZH: "由您监护的人已满 18 周岁。请在“我的 > 家人”把账户交给本人；交接之前，谁也不能出示身份码。",
            _EN: "Somebody in your care is 18. "
            "Hand the account over under Me > Family; until then nobody can show a code.",
        },
        f"ward/{AgeBand.ADULT}": {
            _ZH: "您已满 18 周岁，不再需要监护人。",
            _EN: "You are 18 and need a guardian no more.",
        },
        f"guardian/{AgeBand.ADULT}": {
            _ZH: "由您监护的人已满 18 周岁，账户由本人管理。",
            _EN: "Somebody in your care is 18, and the account is theirs alone.",
        },
    },
}
