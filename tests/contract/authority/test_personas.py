"""Every persona's stated outcome comes true, through either adapter and the registration policy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.adapters.authority.personas import PERSONAS, Expected, ExpectedKind, Persona
from eztong.domain.errors import AuthorityUnavailable, InputInvalid
from eztong.domain.identity.age import ADULT_FROM, CHILD_ENDS, AgeBand, age_on, service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.policy.decide import Facts, decade_of, decide
from eztong.domain.policy.policy import BUILT_IN
from eztong.domain.registration import Applicant, Verdict, decide_before_authority
from tests.contract.authority.conftest import World, new_reference

TRIES = 3
# What an account's history decides is not the authority's to say: for these it must simply match.
OF_THE_ACCOUNT = {
    ExpectedKind.FROZEN,
    ExpectedKind.TERMINATED,
    ExpectedKind.DEREGISTERED_BEFORE,
    ExpectedKind.ALREADY_REGISTERED,
}
KIND_OF_VERDICT = {
    Verdict.APPROVE: ExpectedKind.ACTIVE,
    Verdict.APPROVE_RESTRICTED: ExpectedKind.RESTRICTED,
    Verdict.REFUSE: ExpectedKind.REFUSED,
    Verdict.REVIEW: ExpectedKind.UNDER_REVIEW,
    Verdict.SUPPLEMENT: ExpectedKind.SUPPLEMENT,
}


def age_band(years: int) -> AgeBand:
    if years < CHILD_ENDS:
        return AgeBand.CHILD
    return AgeBand.MINOR if years < ADULT_FROM else AgeBand.ADULT


def register(world: World, persona: Persona) -> Expected:
    """Register as the service does with its default settings, asking the authority once."""
    today = service_date(world.clock.now())
    try:
        number = parse_citizen_number(persona.number_as_typed, today=today)
        name = parse_real_name(persona.name)
    except InputInvalid as error:
        return Expected(ExpectedKind.INPUT_ERROR, error.code)
    applicant = Applicant(age_band=age_band(age_on(number.birth_date, today)), service_ended_before=False)
    decision = decide_before_authority(applicant)
    if decision is None:
        try:
            answer = world.authority.match(name=name, number=number, reference=new_reference())
        except AuthorityUnavailable:
            return Expected(ExpectedKind.QUEUED)
        if answer.verdict is AuthorityVerdict.PENDING:
            return Expected(ExpectedKind.QUEUED)
        until = answer.document_valid_until
        facts = Facts(
            applicant=applicant,
            decade=decade_of(age_on(number.birth_date, today)),
            region=number.value[:2],
            document=number.document_type,
            verdict=answer.verdict,
            signals=answer.signals,
            document_expired=until is not None and until < today,
        )
        decision = decide(BUILT_IN, facts)
    return Expected(KIND_OF_VERDICT[decision.verdict], decision.reason)


def ask_until_final(world: World, persona: Persona) -> AuthorityAnswer | None:
    """Ask about one application up to three times; ``None`` if the authority stays away."""
    reference, answer = new_reference(), None
    for _ in range(TRIES):
        try:
            answer = world.ask(persona.name, persona.number_as_typed, reference)
        except AuthorityUnavailable:
            continue
        if answer.verdict is not AuthorityVerdict.PENDING:
            return answer
    return None


@pytest.mark.parametrize("key", PERSONAS)
def test_registering_leads_to_the_stated_outcome(sandbox_world: World, key: str) -> None:
    """The outcome on the page is the outcome of the first question."""
    persona = PERSONAS[key]
    outcome = register(sandbox_world, persona)
    if persona.expected.kind in OF_THE_ACCOUNT:
        assert outcome.kind is ExpectedKind.ACTIVE
    else:
        assert str(outcome) == str(persona.expected)


@pytest.mark.parametrize("key", [key for key in PERSONAS if key not in {"P20", "X1"}])
def test_both_adapters_end_with_the_same_answer(sandbox_world: World, http_world: World, key: str) -> None:
    """Signing, sending and opening changes nothing, down to the eid mark."""
    here = ask_until_final(sandbox_world, PERSONAS[key])
    there = ask_until_final(http_world, PERSONAS[key])
    assert here is not None
    assert there is not None
    assert (here.verdict, here.detail_code, here.eid_mark) == (there.verdict, there.detail_code, there.eid_mark)
    assert (here.name_on_file, here.note, here.signals) == (there.name_on_file, there.note, there.signals)
    assert here.document_valid_until == there.document_valid_until


def test_p03s_true_name_is_another(world: World) -> None:
    """The number of P03 matches under the name that is on file."""
    assert world.ask("测三三", PERSONAS["P03"].number).verdict is AuthorityVerdict.MATCHED


def test_p05s_death_is_told_only_to_who_knows_the_name(world: World) -> None:
    """A wrong name with a dead person's number is a mismatch like any other."""
    assert world.ask("测三三", PERSONAS["P05"].number).verdict is AuthorityVerdict.MISMATCH


@pytest.mark.parametrize("dot", "•・.‧")
def test_p11_matches_with_another_dot(world: World, dot: str) -> None:
    """The dots people type all stand for the official one, and the answer says so."""
    answer = world.ask(f"测买{dot}艾试", PERSONAS["P11"].number)
    assert answer.verdict is AuthorityVerdict.MATCHED
    assert answer.note == "separator"
    assert answer.name_on_file == "测买·艾试"


def test_p13_matches_in_private_use(world: World) -> None:
    """U+E863 is how older systems wrote 䶮."""
    answer = world.ask("测\ue863", PERSONAS["P13"].number)
    assert (answer.verdict, answer.note) == (AuthorityVerdict.MATCHED, "codepoint")


def test_p24_is_renamed_on_the_first_of_february_in_shanghai(world: World) -> None:
    """One second before midnight the old name holds, at midnight only the new one."""
    number = PERSONAS["P24"].number
    world.clock.moment = world.clock.moment.replace(day=31, hour=15, minute=59, second=59)
    before = world.ask("测改名", number)
    assert world.ask("测新名", number).verdict is AuthorityVerdict.MISMATCH
    world.clock.move(timedelta(seconds=1))
    after = world.ask("测新名", number)
    assert world.ask("测改名", number).verdict is AuthorityVerdict.MISMATCH
    assert before.eid_mark == after.eid_mark is not None


def test_p20_is_never_answered(world: World) -> None:
    """However often one asks, nothing is decided about P20."""
    assert ask_until_final(world, PERSONAS["P20"]) is None


def test_p21_is_pending_twice_in_each_application(world: World) -> None:
    """Polling counts per application, so each tester sees the whole story."""
    for reference in (new_reference(), new_reference()):
        answers = [world.ask("测挂起", PERSONAS["P21"].number, reference).verdict for _ in range(TRIES)]
        assert answers == [AuthorityVerdict.PENDING, AuthorityVerdict.PENDING, AuthorityVerdict.MATCHED]


def test_p19_answers_the_third_message(sandbox_world: World, http_world: World) -> None:
    """In process the caller asks three times; over HTTP one question's retries are enough."""
    number, reference = PERSONAS["P19"].number, new_reference()
    for _ in range(2):
        with pytest.raises(AuthorityUnavailable):
            sandbox_world.ask("测超时", number, reference)
    assert sandbox_world.ask("测超时", number, reference).verdict is AuthorityVerdict.MATCHED
    assert http_world.ask("测超时", number).verdict is AuthorityVerdict.MATCHED


def test_x6_and_p02_are_one_person(world: World) -> None:
    """The shared number gives one eid mark under both names, so the second registration is noticed."""
    marks = {world.ask(PERSONAS[key].name, PERSONAS[key].number).eid_mark for key in ("P02", "X6")}
    assert len(marks) == 1
    assert None not in marks
