"""How an eid flow ends: the code says what happened, and nothing is told beyond it."""

from __future__ import annotations

import itertools

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import EidCode, EidTokenExpired, EidTokenUnknown, ExpectedPerson, FlowSettings
from eztong.domain.errors import RequestFinished
from eztong.domain.identifiers import PartnerId
from eztong.domain.requests.request import RequestState
from tests.flows.eid.stage import Signing, findings

NAME, NUMBER = "测一一", "11000019900307001X"
OTHER_NUMBER = "110000199003080023"
_people = itertools.count(100)


def somebody() -> str:
    """Return a synthetic citizen whom no other test has seen."""
    return f"S{next(_people)}"


def test_a_flow_goes_from_init_through_doing_to_finished(signing: Signing) -> None:
    opened = signing.open()
    assert signing.status(opened) is RequestState.INIT
    signing.start(opened)
    assert signing.status(opened) is RequestState.DOING
    signing.answer(opened, signing.person("P01"))
    assert signing.status(opened) is RequestState.FINISHED


def test_an_unfinished_flow_says_so_and_tells_no_partner_code(signing: Signing) -> None:
    result = signing.result(signing.open())
    assert (result.code, result.partner_code, result.flow.ending) == (EidCode.NOT_FINISHED, "", None)


def test_an_approval_passes_with_the_partner_code_and_its_signature(signing: Signing) -> None:
    opened = signing.open(FlowSettings(extra="x_y"))
    signing.answer(opened, signing.person("P01"))
    result = signing.result(opened)
    assert result.code is EidCode.PASSED
    assert len(result.partner_code) == 48
    assert result.flow.ending is not None
    assert result.flow.ending.eid_sign
    assert result.flow.ending.user_info == ""
    assert result.settings.extra == "x_y"


def test_the_same_person_has_the_same_partner_code_and_reading_again_changes_nothing(signing: Signing) -> None:
    results = []
    for _ in range(2):
        opened = signing.open()
        signing.answer(opened, signing.person("P01"))
        results.append(signing.result(opened))
        assert signing.result(opened) == results[-1]
    assert results[0].partner_code == results[1].partner_code


def test_a_refusal_is_finished_and_not_passed(signing: Signing) -> None:
    opened = signing.open()
    verification = signing.answer(opened, signing.person("P01"), approve=False)
    result = signing.result(opened)
    assert verification.outcome is Outcome.DECLINED
    assert (result.code, result.partner_code) == (EidCode.NOT_FINISHED, "")
    assert signing.status(opened) is RequestState.FINISHED


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        (ExpectedPerson(NAME, NUMBER), EidCode.PASSED),
        (ExpectedPerson(None, NUMBER.lower()), EidCode.PASSED),
        (ExpectedPerson(NAME, OTHER_NUMBER), EidCode.NUMBER_DIFFERS),
        (ExpectedPerson("测别人", OTHER_NUMBER), EidCode.NUMBER_DIFFERS),
        (ExpectedPerson("测别人", NUMBER), EidCode.NAME_DIFFERS),
        (ExpectedPerson(NAME, "110000199003070011"), EidCode.NUMBER_INVALID),
        (ExpectedPerson("😀", NUMBER), EidCode.NAME_INVALID),
    ],
)
def test_whom_the_merchant_expects_is_compared(signing: Signing, expected: ExpectedPerson, code: EidCode) -> None:
    opened = signing.open(FlowSettings(input_type="4", expected=expected))
    signing.answer(opened, signing.person("P01"))
    result = signing.result(opened)
    assert result.code is code
    assert bool(result.partner_code) is (code is EidCode.PASSED)


def test_a_frozen_holder_ends_the_flow_without_saying_frozen(signing: Signing) -> None:
    holder_id = signing.person(somebody())
    opened = signing.open()
    signing.freeze(holder_id)
    verification = signing.answer(opened, holder_id)
    assert verification.reason == "holder_frozen"
    assert signing.result(opened).code is EidCode.NO_USABLE_IDENTITY


@pytest.mark.parametrize("code", [EidCode.NOT_LIVE, EidCode.NOT_SAME_PERSON])
def test_a_live_person_factor_that_fails_ends_the_flow(signing: Signing, code: EidCode) -> None:
    opened = signing.open()
    signing.answer(opened, signing.person("P01"), looks=findings(code))
    result = signing.result(opened)
    assert (result.code, result.partner_code) == (code, "")


def test_every_try_stays_visible_and_the_last_decides(signing: Signing) -> None:
    opened = signing.open()
    signing.answer(opened, signing.person("P01"), looks=findings(EidCode.NOT_LIVE, EidCode.PASSED))
    result = signing.result(opened)
    assert [one.code for one in result.flow.tries] == [EidCode.NOT_LIVE, EidCode.PASSED]
    assert result.code is EidCode.PASSED


def test_a_flow_is_answered_once(signing: Signing) -> None:
    opened = signing.open()
    signing.answer(opened, signing.person("P01"), approve=False)
    with pytest.raises(RequestFinished):
        signing.answer(opened, signing.person("P01"))
    assert len(signing.result(opened).flow.tries) == 1


def test_another_account_knows_no_such_flow(signing: Signing) -> None:
    opened = signing.open()
    with pytest.raises(EidTokenUnknown):
        signing.status(opened, partner=PartnerId("hotel"))
    with pytest.raises(EidTokenUnknown):
        signing.result(opened, partner=PartnerId("hotel"))


def test_time_ends_flows_and_results(signing: Signing) -> None:
    person = signing.person("P01")
    unfinished, finished = signing.open(), signing.open()
    signing.answer(finished, person)
    signing.pass_time(599)
    assert signing.status(unfinished) is RequestState.INIT
    signing.pass_time(1)
    assert signing.status(unfinished) is RequestState.TIMEOUT
    assert signing.result(unfinished).code is EidCode.TIMED_OUT
    with pytest.raises(RequestFinished):
        signing.answer(unfinished, person)
    signing.pass_time(3 * 86_400 - 601)
    assert signing.status(finished) is RequestState.FINISHED
    assert signing.result(finished).code is EidCode.PASSED
    signing.pass_time(1)
    for opened in (unfinished, finished):
        with pytest.raises(EidTokenExpired):
            signing.status(opened)
        with pytest.raises(EidTokenExpired):
            signing.result(opened)
