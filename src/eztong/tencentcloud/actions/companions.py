"""The companion actions: they answer about a person without that person's act, so each needs the operator's leave.

One path for all: leave, decryption, an entry in the ledger, the question on a thread of its own, the settled charge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from eztong.domain.companions import AskedTooOften, Carrier, CompanionOutcome, Finding, Validity
from eztong.domain.identity.age import ADULT_FROM
from eztong.domain.identity.phone import LENGTH as PHONE_LENGTH
from eztong.http.committing import commit
from eztong.ports.act import PARTNER
from eztong.tencentcloud.actions.action import Action, Actions
from eztong.tencentcloud.actions.companion_results import (
    BILLED,
    ENCRYPTED_PHONE,
    ID_CARD,
    ID_NAME_DATE,
    MINORS,
    PHONE,
    PHONE_AND_NAME,
    Results,
    describe,
)
from eztong.tencentcloud.transport.call import ActionHandler, Answer, Call, Params
from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.input_encryption import ENCRYPTION_SCHEMA, FLAT_SCHEMA, open_params
from eztong.tencentcloud.transport.refusals import refusal
from eztong.tencentcloud.transport.schema import Field, Schema
from eztong.usecases.companions.ask_companion import (
    NamedPerson,
    Sources,
    ask_age,
    ask_age_by_phone,
    ask_identity,
    ask_phone,
    ask_validity,
)
from eztong.usecases.companions.ask_companion_digests import ask_digests
from eztong.usecases.companions.charge_companion import check_companions, open_charge, settle_charge
from eztong.usecases.refusal import accepted

_LIFELONG: Final = "00000000"
_NAME_AND_NUMBER: Final = "姓名和身份证号"
_THREE: Final = "手机号、姓名和身份证号"
_AGE_RANGES: Final = ((8, "[0,8)"), (16, "[8,16)"), (18, "[16,18)"))

Ask = Callable[[Params, Sources], CompanionOutcome]
Tell = Callable[[Params, CompanionOutcome], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionAction:
    """One action: what may be encrypted, whom it is about, how it is asked, numbered and told."""

    about: str
    encryptable: frozenset[str]
    subject: Callable[[Params], str]
    ask: Ask
    results: Results
    tell: Tell = lambda _params, _outcome: {}


def handler_of(question: CompanionAction) -> ActionHandler:
    """Return the handler of an action."""

    async def handle(call: Call) -> Answer:
        services, partner_id = call.services, call.account.partner.partner_id
        with services.store.read() as stored:
            check_companions(partner_id, stored=stored)
        params = await open_params(call, encryptable=question.encryptable)
        subject = question.subject(params)
        job = services.job(PARTNER, open_charge, partner_id, call.request_id, action=call.action, person=subject)
        entered = await commit(services.store, job)
        try:
            charge = accepted(entered.value)
        except AskedTooOften:
            return _told(question, params, CompanionOutcome(finding=Finding.DAILY_LIMIT))
        sources = Sources(
            authority=services.authority, companions=services.companions, reference=call.request_id, now=call.now
        )
        outcome = await run_in_threadpool(question.ask, params, sources)
        is_billed = outcome.finding in BILLED
        settle = services.job(PARTNER, settle_charge, charge, outcome.finding, is_billed=is_billed)
        await commit(services.store, settle)
        return _told(question, params, outcome)

    return handle


def _told(question: CompanionAction, params: Params, outcome: CompanionOutcome) -> Answer:
    result = question.results.get(outcome.finding)
    if result is None:
        raise TencentError(
            "FailedOperation.RequestLimitExceeded", "认证次数超过当日限制。", "Asked about this person too often today."
        )
    description = describe(outcome.finding, question.about)
    return {"Result": result, "Description": description, **question.tell(params, outcome)}


def _number_of(params: Params) -> str:
    return _plain(params["IdCard"])


def _mobile_of(params: Params) -> str:
    return _plain(params["Mobile"])[-PHONE_LENGTH:]


def _plain(text: str) -> str:
    """Return one spelling of a number, so that spaces and wide digits give no further attempts."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())


def _person(params: Params) -> NamedPerson:
    return NamedPerson(params["Name"], params["IdCard"])


def _identity(params: Params, sources: Sources) -> CompanionOutcome:
    return ask_identity(_person(params), sources=sources)


def _validity(params: Params, sources: Sources) -> CompanionOutcome:
    begin = _day(params["ValidityBegin"])
    end = None if params["ValidityEnd"] == _LIFELONG else _day(params["ValidityEnd"])
    is_sound = begin is not None and (params["ValidityEnd"] == _LIFELONG or (end is not None and begin <= end))
    validity = Validity(begin, end) if begin is not None and is_sound else None
    return ask_validity(_person(params), validity, sources=sources)


def _day(text: str) -> date | None:
    if len(text) != len(_LIFELONG) or not (text.isascii() and text.isdigit()):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def _phone(only: Carrier | None = None) -> Ask:
    def ask(params: Params, sources: Sources) -> CompanionOutcome:
        return ask_phone(params["Phone"], name=params["Name"], number=params["IdCard"], sources=sources, only=only)

    return ask


def _digests(params: Params, sources: Sources) -> CompanionOutcome:
    if params["EncryptionMode"] == "0":
        return _phone()(params, sources)
    return ask_digests(
        params["EncryptionMode"],
        name=params["Name"],
        number=params["IdCard"],
        phone=params["Phone"],
        sources=sources,
    )


def _phone_and_name(params: Params, sources: Sources) -> CompanionOutcome:
    return ask_phone(params["Mobile"], name=params["Name"], number=None, sources=sources)


def _minor(params: Params, sources: Sources) -> CompanionOutcome:
    if params["Type"] == "0":
        outcome = ask_age_by_phone(params.get("Mobile", ""), sources=sources)
    else:
        outcome = ask_age(NamedPerson(params.get("Name", ""), params.get("IdCard", "")), sources=sources)
    if outcome.finding is not Finding.MATCH or outcome.age is None:
        return outcome
    return replace(outcome, finding=Finding.ADULT if outcome.age >= ADULT_FROM else Finding.MINOR)


def _minor_subject(params: Params) -> str:
    needed = ("Mobile",) if params["Type"] == "0" else ("IdCard", "Name")
    for name in needed:
        if not params.get(name):
            raise refusal("MissingParameter", name=name)
    return _mobile_of(params) if params["Type"] == "0" else _number_of(params)


def _tell_isp(params: Params, outcome: CompanionOutcome) -> Mapping[str, str]:
    told = {"Isp": outcome.carrier or ""}
    if params.get("VerifyMode") == "1" and outcome.mismatch is not None:
        told["ResultDetail"] = outcome.mismatch
    return told


def _tell_upper_isp(_params: Params, outcome: CompanionOutcome) -> Mapping[str, str]:
    return {"ISP": outcome.carrier or ""}


def _tell_age(_params: Params, outcome: CompanionOutcome) -> Mapping[str, str]:
    if outcome.age is None or outcome.finding not in {Finding.ADULT, Finding.MINOR}:
        return {"AgeRange": ""}
    age = outcome.age
    return {"AgeRange": next((text for below, text in _AGE_RANGES if age < below), "[18,+)")}


_TEXT: Final = Field(required=True)
_IDENTITY_SCHEMA: Final[Schema] = {"IdCard": _TEXT, "Name": _TEXT}
_PHONE_SCHEMA: Final[Schema] = {**_IDENTITY_SCHEMA, "Phone": _TEXT}
_IDENTITY: Final = CompanionAction(
    about=_NAME_AND_NUMBER,
    encryptable=frozenset({"IdCard", "Name"}),
    subject=_number_of,
    ask=_identity,
    results=ID_CARD,
)
_DATE: Final = replace(_IDENTITY, about="姓名、身份证号和有效期", ask=_validity, results=ID_NAME_DATE)
_PHONE: Final = CompanionAction(
    about=_THREE,
    encryptable=frozenset({"IdCard", "Name", "Phone"}),
    subject=_number_of,
    ask=_phone(),
    results=PHONE,
    tell=_tell_isp,
)
_DIGESTS: Final = replace(_PHONE, encryptable=frozenset(), ask=_digests, results=ENCRYPTED_PHONE, tell=_tell_upper_isp)
_TWO: Final = CompanionAction(
    about="手机号和姓名",
    encryptable=frozenset({"Mobile", "Name"}),
    subject=_mobile_of,
    ask=_phone_and_name,
    results=PHONE_AND_NAME,
)
_MINORS: Final = CompanionAction(
    about=_NAME_AND_NUMBER,
    encryptable=frozenset({"Mobile", "IdCard", "Name"}),
    subject=_minor_subject,
    ask=_minor,
    results=MINORS,
    tell=_tell_age,
)
_PER_SECOND: Final = 20


def _of_carrier(carrier: Carrier) -> Action:
    return Action(
        handler=handler_of(replace(_PHONE, ask=_phone(carrier))),
        schema={**_PHONE_SCHEMA, **ENCRYPTION_SCHEMA},
        per_second=_PER_SECOND,
    )


COMPANION_ACTIONS: Final[Actions] = {
    "IdCardVerification": Action(handler=handler_of(_IDENTITY), schema={**_IDENTITY_SCHEMA, **ENCRYPTION_SCHEMA}),
    "CheckIdNameDate": Action(
        handler=handler_of(_DATE),
        schema={**_IDENTITY_SCHEMA, "ValidityBegin": _TEXT, "ValidityEnd": _TEXT, **ENCRYPTION_SCHEMA},
        per_second=_PER_SECOND,
    ),
    "PhoneVerification": Action(
        handler=handler_of(_PHONE),
        schema={**_PHONE_SCHEMA, "VerifyMode": Field(choices=("", "0", "1")), **FLAT_SCHEMA},
        per_second=_PER_SECOND,
    ),
    "PhoneVerificationCMCC": _of_carrier(Carrier.MOBILE),
    "PhoneVerificationCTCC": _of_carrier(Carrier.TELECOM),
    "PhoneVerificationCUCC": _of_carrier(Carrier.UNICOM),
    "EncryptedPhoneVerification": Action(
        handler=handler_of(_DIGESTS),
        schema={**_PHONE_SCHEMA, "EncryptionMode": Field(required=True, choices=("0", "1", "2", "3"))},
        per_second=_PER_SECOND,
    ),
    "CheckPhoneAndName": Action(
        handler=handler_of(_TWO),
        schema={"Mobile": _TEXT, "Name": _TEXT, **ENCRYPTION_SCHEMA},
        per_second=_PER_SECOND,
    ),
    "MinorsVerification": Action(
        handler=handler_of(_MINORS),
        schema={
            "Type": Field(required=True, choices=("0", "1")),
            "Mobile": Field(),
            "IdCard": Field(),
            "Name": Field(),
            **ENCRYPTION_SCHEMA,
        },
        per_second=_PER_SECOND,
    ),
}
