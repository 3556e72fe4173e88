"""Eid flows: what an E证通 flow of the Tencent Cloud door adds to a request.

The request carries the state, the holder and the verification; the flow carries what the merchant set, and how each
try ended. Codes say what happened and nothing else (docs/tencent/divergences.md, «Result codes»).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from typing_extensions import override

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import Intention
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.requests.request import Request, RequestState
from eztong.domain.restrictions.mark import Cause

RESULT_LIFE: Final = timedelta(days=3)
EID_TOKEN: Final = re.compile(r"[0-9A-Za-z-]{36}")
TOKEN_BYTES: Final = 16


class EidTokenUnknown(NotFound):
    """There is no flow with this token, or it is another account's."""

    code = "eid_token_unknown"
    advice = "Use the EidToken as GetEidToken returned it, with keys of the same account."


class EidTokenExpired(StateConflict):
    """The flow is older than three days; its result can no longer be read."""

    code = "eid_token_expired"
    advice = "Results are kept for three days. Start a new flow with GetEidToken."


class EidCode(IntEnum):
    """How a flow or a try ended. The numbers are the contract's."""

    PASSED = 0
    UNAVAILABLE = 4
    TIMED_OUT = 15
    NOT_FINISHED = 17
    NUMBER_DIFFERS = 301
    DOCUMENT_EXPIRED = 302
    NOT_LIVE = 1002
    NAME_INVALID = 2002
    NUMBER_INVALID = 2003
    NO_USABLE_IDENTITY = 2005
    NAME_DIFFERS = 2006
    NOT_COMPARED = 2011
    NOT_SAME_PERSON = 2016


MESSAGES: Final = {
    EidCode.PASSED: "成功",
    EidCode.UNAVAILABLE: "服务暂时无法核验，请稍后再试",
    EidCode.TIMED_OUT: "Token过期",
    EidCode.NOT_FINISHED: "本次流程未完成",
    EidCode.NUMBER_DIFFERS: "身份证号与传入的身份证号不一致",
    EidCode.DOCUMENT_EXPIRED: "身份证已过有效期",
    EidCode.NOT_LIVE: "疑似非真人",
    EidCode.NAME_INVALID: "姓名格式不正确",
    EidCode.NUMBER_INVALID: "身份证号格式不正确",
    EidCode.NO_USABLE_IDENTITY: "没有可用的身份记录",
    EidCode.NAME_DIFFERS: "姓名和身份证号不一致",
    EidCode.NOT_COMPARED: "无法确认为同一人",
    EidCode.NOT_SAME_PERSON: "不是同一个人",
}
# The billing rule of the contract, section 6.
CHARGED: Final = frozenset({EidCode.PASSED, EidCode.NAME_DIFFERS, EidCode.NOT_SAME_PERSON})
_LIVENESS: Final = range(1001, 1110)
_COMPARISON: Final = range(2001, 2100)


@dataclass(frozen=True, slots=True)
class ExpectedPerson:
    """Whom the merchant says it has in front of it."""

    name: str | None
    number: str | None

    @override
    def __repr__(self) -> str:
        """Hide the person."""
        return "ExpectedPerson()"


@dataclass(frozen=True, slots=True)
class Recipient:
    """The merchant's certified key (DER SubjectPublicKeyInfo), and the layout that its library reads."""

    public_key: bytes
    point_prefix: PointPrefix


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSettings:
    """What the merchant set. Stored sealed as a whole: texts and addresses of merchants can hold personal data."""

    input_type: str = "1"
    redirect_url: str | None = None
    extra: str = ""
    expected: ExpectedPerson | None = None
    intention: Intention | None = None
    recipient: Recipient | None = None


def may_release(settings: FlowSettings, *, guarded: bool) -> bool:
    """Say whether name and number may be told in the flow, if its holder wants.

    Guarded, the merchant must have said beforehand whom it expects (name and number both), or the holder confirms an
    intention: either gives a relayed link away to whoever opens it.
    """
    expected = settings.expected
    names_the_person = expected is not None and bool(expected.name and expected.number)
    return settings.recipient is not None and (not guarded or names_the_person or settings.intention is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTry:
    """One try of the holder."""

    at: datetime
    sequence: str
    code: EidCode

    @property
    def liveness(self) -> EidCode:
        """Return what the live-person factor said; it passed unless the code is one of its own."""
        return self.code if self.code in _LIVENESS else EidCode.PASSED

    @property
    def comparison(self) -> EidCode:
        """Return what the comparison of the identity said."""
        return comparison_of(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class EidEnding:
    """What stays of a finished flow besides its verification. Made once, so that reading again gives the same."""

    eid_sign: str = ""
    des_key: str = ""
    user_info: str = ""
    confirmed: bool = False
    sealed_confirmations: bytes | None = None
    evidence: bytes | None = None
    evidence_batch: str | None = None
    evidence_leaf: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EidFlow:
    """A flow as stored. ``tries`` are in order; ``ending`` is there once the request is finished."""

    eid_token: str
    partner_id: PartnerId
    request_id: RequestId
    merchant_id: str
    sealed_settings: bytes
    created_at: datetime
    tries: tuple[FlowTry, ...] = ()
    ending: EidEnding | None = None

    def is_over(self, now: datetime) -> bool:
        """Say whether the result can no longer be read: its time is over, or its holder was erased."""
        return now >= self.created_at + RESULT_LIFE or not self.sealed_settings


def converged_code(flow: EidFlow, request: Request, *, now: datetime) -> EidCode:
    """Return the flow's own code: that of the last try when it ended, else what time made of it."""
    state = request.as_of(now).state
    if state is RequestState.FINISHED:
        return flow.tries[-1].code if flow.tries else EidCode.NOT_FINISHED
    return EidCode.TIMED_OUT if state is RequestState.TIMEOUT else EidCode.NOT_FINISHED


def comparison_of(code: EidCode) -> EidCode:
    """Return what ``Comparestatus`` says of a flow or try: 0 only if everything passed, else a code of its own range.

    Whatever ended before identities were compared is told as not compared: its own code stands in ``ErrCode``.
    """
    return code if code is EidCode.PASSED or code in _COMPARISON else EidCode.NOT_COMPARED


def code_of(outcome: Outcome, reason: str | None) -> EidCode:
    """Return the code for a verification's outcome and its exact reason.

    Frozen, ended and switched off are one code: a partner must not tell them apart (design rule 6).
    """
    match outcome:
        case Outcome.PASSED:
            return EidCode.PASSED
        case Outcome.NOT_PASSED:
            return _CODES.get(reason or "", EidCode.NO_USABLE_IDENTITY)
        case Outcome.UNAVAILABLE:
            return EidCode.UNAVAILABLE
        case _:
            return EidCode.NOT_FINISHED


def eid_token_of(random: bytes) -> str:
    """Return the token's spelling: an upper-case UUID (version 4) of 36 characters."""
    octets = bytearray(random[:TOKEN_BYTES])
    octets[6] = octets[6] & 0x0F | 0x40
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex().upper()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def redirect_address(redirect_url: str, eid_token: str) -> str:
    """Return where the browser goes at the end: the token joins the query, the fragment stays last.

    ``redirect_url`` was put into ASCII when it was taken in (:mod:`eztong.domain.addresses.web_address`).
    """
    address, mark, fragment = redirect_url.partition("#")
    join = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{join}token={eid_token}{mark}{fragment}"


REASON_NUMBER_DIFFERS: Final = "expected_number_differs"
REASON_NAME_DIFFERS: Final = "expected_name_differs"
REASON_NUMBER_INVALID: Final = "expected_number_invalid"
REASON_NAME_INVALID: Final = "expected_name_invalid"
REASON_NOT_LIVE: Final = "not_live"
REASON_NOT_SAME_PERSON: Final = "not_same_person"
EID_REASONS: Final = {
    REASON_NUMBER_DIFFERS: EidCode.NUMBER_DIFFERS,
    REASON_NAME_DIFFERS: EidCode.NAME_DIFFERS,
    REASON_NUMBER_INVALID: EidCode.NUMBER_INVALID,
    REASON_NAME_INVALID: EidCode.NAME_INVALID,
    REASON_NOT_LIVE: EidCode.NOT_LIVE,
    REASON_NOT_SAME_PERSON: EidCode.NOT_SAME_PERSON,
}
# Of the marks that limit an account only one has a code of its own (clause 2.5); until there were others, an account
# whose document had run out was called restricted.
_CODES: Final = EID_REASONS | {
    Cause.DOCUMENT_EXPIRED.value: EidCode.DOCUMENT_EXPIRED,
    "holder_restricted": EidCode.DOCUMENT_EXPIRED,
}
