"""Companion questions: asked of the right source, never decided by an absence, counted by person and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from eztong.domain.companions import (
    DAILY_ATTEMPTS,
    AskedTooOften,
    Carrier,
    Charge,
    CompanionOutcome,
    CompanionsOff,
    Finding,
    Validity,
)
from eztong.domain.errors import AuthorityUnavailable
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.ports.act import SYSTEM
from eztong.ports.companion_source import DigestAlgorithm
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
from eztong.usecases.merchants.register_merchant import RegisterMerchant, move_merchant, register_merchant
from eztong.usecases.refusal import Refused
from tests.unit.usecases.fakes import START, ChosenAuthority, ChosenCompanions
from tests.unit.usecases.stage import LI, Stage

HOTEL = PartnerId("hotel")
SOMEBODY = NamedPerson(LI.name, LI.number)
MATCH = CompanionOutcome(finding=Finding.MATCH)
CARD = Validity(date(2020, 1, 1), None)
NUMBER = parse_citizen_number(LI.number, today=START.date(), accept_hk_macau_taiwan=True, accept_foreigners=True)


@pytest.fixture
def sources() -> Sources:
    return Sources(
        authority=ChosenAuthority(), companions=ChosenCompanions(outcome=MATCH), reference="question-1", now=START
    )


def answering(sources: Sources, answer: AuthorityAnswer | Exception) -> Sources:
    return replace(sources, authority=ChosenAuthority(answer=answer))


def verdict(one: AuthorityVerdict) -> AuthorityAnswer:
    return AuthorityAnswer(verdict=one, reference="r", detail_code="A")


# --- asked --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (verdict(AuthorityVerdict.MISMATCH), Finding.MISMATCH),
        (verdict(AuthorityVerdict.NO_RECORD), Finding.NO_RECORD),
        (verdict(AuthorityVerdict.PENDING), Finding.SOURCE_ERROR),
        (AuthorityUnavailable(), Finding.SOURCE_ERROR),
    ],
)
def test_an_identity_is_what_the_authority_says_and_an_absence_is_no_mismatch(
    sources: Sources, answer: AuthorityAnswer | Exception, finding: Finding
) -> None:
    assert ask_identity(SOMEBODY, sources=sources) == MATCH
    assert ask_identity(SOMEBODY, sources=answering(sources, answer)) == CompanionOutcome(finding=finding)


def test_what_cannot_be_asked_about_is_a_finding_of_its_own(sources: Sources) -> None:
    nobody = replace(SOMEBODY, number="1")
    assert ask_identity(nobody, sources=sources).finding is Finding.NUMBER_INVALID
    assert ask_identity(replace(SOMEBODY, name="12345"), sources=sources).finding is Finding.NAME_INVALID
    assert ask_age_by_phone("12", sources=sources).finding is Finding.PHONE_INVALID
    assert repr(SOMEBODY) == "Person()"


def test_an_age_comes_with_the_match(sources: Sources) -> None:
    born = int(LI.number[6:10])
    assert ask_age(SOMEBODY, sources=sources) == replace(MATCH, age=2026 - born)
    assert ask_age_by_phone(LI.phone, sources=sources) == MATCH


def test_a_card_is_looked_at_only_if_name_and_number_match(sources: Sources) -> None:
    companions = ChosenCompanions(outcome=CompanionOutcome(finding=Finding.MISMATCH))
    asked = replace(sources, companions=companions)
    assert ask_validity(SOMEBODY, CARD, sources=asked).finding is Finding.MISMATCH
    assert companions.asked == [("match_validity", CARD, NUMBER)]
    other = answering(asked, verdict(AuthorityVerdict.NO_RECORD))
    assert ask_validity(SOMEBODY, CARD, sources=other).finding is Finding.NO_RECORD
    assert ask_validity(SOMEBODY, None, sources=asked).finding is Finding.VALIDITY_INVALID
    assert companions.asked == [("match_validity", CARD, NUMBER)]


def test_a_line_is_asked_about_with_or_without_a_number_and_only_at_its_carrier(sources: Sources) -> None:
    companions = ChosenCompanions(outcome=MATCH)
    asked = replace(sources, companions=companions)
    assert ask_phone(LI.phone, name=LI.name, number=LI.number, sources=asked) == MATCH
    assert companions.asked == [("match_phone", parse_phone(LI.phone), parse_real_name(LI.name), NUMBER)]
    assert ask_phone(LI.phone, name=LI.name, number=None, sources=sources, only=Carrier.MOBILE) == MATCH
    other = ask_phone(LI.phone, name=LI.name, number=None, sources=sources, only=Carrier.UNICOM)
    assert other.finding is Finding.SEGMENT_UNSUPPORTED
    away = replace(sources, companions=ChosenCompanions())
    assert ask_phone(LI.phone, name=LI.name, number=None, sources=away).finding is Finding.SOURCE_ERROR


def test_digests_are_asked_about_in_the_form_of_their_algorithm(sources: Sources) -> None:
    md5, sha = "aB" * 16, "Cd" * 32
    companions = ChosenCompanions(outcome=MATCH)
    three = [letter * 32 for letter in "ABC"]
    name, number, phone = three
    asked = replace(sources, companions=companions)
    assert ask_digests("1", name=name, number=number, phone=phone, sources=asked) == MATCH
    assert companions.asked == [("match_digests", DigestAlgorithm.MD5, "b" * 32, "a" * 32, "c" * 32)]
    assert ask_digests("1", name=md5, number=md5, phone=md5, sources=sources) == MATCH
    assert ask_digests("2", name=sha, number=sha, phone=sha, sources=sources) == MATCH
    for sent, finding in (
        ((sha, md5, md5), Finding.NAME_INVALID),
        ((md5, sha, md5), Finding.NUMBER_INVALID),
        ((md5, md5, "x"), Finding.PHONE_INVALID),
    ):
        name, number, phone = sent
        assert ask_digests("1", name=name, number=number, phone=phone, sources=sources).finding is finding
    away = replace(sources, companions=ChosenCompanions())
    assert ask_digests("3", name=sha, number=sha, phone=sha, sources=away).finding is Finding.SOURCE_ERROR
    with pytest.raises(ValueError, match="4"):
        ask_digests("4", name=md5, number=md5, phone=md5, sources=sources)


# --- charged ------------------------------------------------------------------------------------------------------


def merchant(stage: Stage, *, companions: bool) -> Merchant:
    command = RegisterMerchant(
        partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=MerchantOptions(companions=companions)
    )
    return stage.act(register_merchant, command, by=SYSTEM)


def test_only_a_merchant_at_work_that_was_allowed_to_may_ask(stage: Stage) -> None:
    merchant(stage, companions=False)
    with pytest.raises(CompanionsOff):
        stage.act(check_companions, HOTEL)
    allowed = merchant(stage, companions=True)
    stage.act(check_companions, HOTEL)
    stage.act(move_merchant, allowed.merchant_id, MerchantState.SUSPENDED, by=SYSTEM)
    with pytest.raises(CompanionsOff):
        stage.act(check_companions, HOTEL)


def charge(stage: Stage, number: int, person: str = LI.number) -> Charge | Refused:
    return stage.act(open_charge, HOTEL, f"charge-{number}", action="IdCardVerification", person=person)


def ledger(stage: Stage) -> list[Charge]:
    return list(stage.read(lambda stored: stored.charges.of_day(HOTEL, "2026-03-02", skip=0, limit=50).those))


def test_a_question_is_entered_before_it_is_asked_and_settled_after(stage: Stage) -> None:
    entered = charge(stage, 1)
    assert isinstance(entered, Charge)
    assert ledger(stage) == [entered]
    assert (entered.finding, entered.is_billed, entered.day) == (None, False, "2026-03-02")
    assert LI.number.encode() not in entered.subject
    stage.act(settle_charge, entered, Finding.MATCH, is_billed=True)
    assert ledger(stage) == [replace(entered, finding=Finding.MATCH, is_billed=True)]


def test_one_person_is_asked_about_ten_times_a_day_and_a_refused_try_is_a_try(stage: Stage) -> None:
    for number in range(DAILY_ATTEMPTS):
        assert isinstance(charge(stage, number), Charge)
    refusal = charge(stage, 10)
    assert isinstance(refusal, Refused)
    assert isinstance(refusal.error, AskedTooOften)
    assert [one.finding for one in ledger(stage)].count(Finding.DAILY_LIMIT) == 1
    assert isinstance(charge(stage, 11, "somebody else"), Charge)
    stage.clock.pass_by(days=1)
    assert isinstance(charge(stage, 12), Charge)
