"""What the authority port promises, asked of the in-process sandbox and of the HTTP adapter with a real server."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.registry import Fault
from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.identity.authority_answer import AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.check_digits import mod_11_2_digit
from tests.contract.authority.conftest import World, new_reference
from tests.contract.authority.stage import MARK_SECRET

P01, P14 = PERSONAS["P01"], PERSONAS["P14"]


def test_a_match_brings_the_eid_mark(world: World) -> None:
    """The mark is the documented keyed digest, here computed by the standard library."""
    answer = world.ask(P01.name, P01.number)
    message = b"eztong/eid-mark/v1\x0001\x00" + P01.number.encode()
    assert answer.eid_mark == hmac.new(MARK_SECRET, message, "sm3").digest() + b"1000"
    assert answer.name_on_file == P01.name


def test_only_a_match_brings_name_and_mark(world: World) -> None:
    """Nothing about the person on file leaks to who does not know the name."""
    answer = world.ask("测三三", P01.number)
    assert answer.verdict is AuthorityVerdict.MISMATCH
    assert (answer.eid_mark, answer.name_on_file, answer.document_valid_until) == (None, None, None)


def test_the_same_application_gets_the_same_final_answer(world: World) -> None:
    """Asked again after the person was renamed, the old application's answer stands."""
    persona, reference = PERSONAS["P24"], new_reference()
    first = world.ask(persona.name, persona.number, reference)
    world.clock.move(timedelta(days=60))
    assert world.ask(persona.name, persona.number, reference) == first


def test_the_reference_comes_back(world: World) -> None:
    """The answer names the application it belongs to."""
    assert world.ask(P01.name, P01.number, "application-x").reference == "application-x"


def test_signals_and_card_arrive(world: World) -> None:
    """What the policy weighs is in the answer."""
    assert world.ask("测人工", PERSONAS["P22"].number).signals == {AuthoritySignal.REVIEW_ADVISED}
    assert world.ask("测将期", PERSONAS["P07"].number).document_valid_until == PERSONAS["P07"].document_valid_until


def test_strangers_have_no_record(world: World) -> None:
    """A well-formed number that is nobody's in the sandbox is turned away, so nobody tests with real people."""
    body = "11010519491231002"
    answer = world.ask("测三三", body + mod_11_2_digit(body))
    assert (answer.verdict, answer.detail_code) == (AuthorityVerdict.NO_RECORD, "not_a_sandbox_citizen")
    assert answer.note == "not a persona or synthetic citizen"


@pytest.mark.parametrize("index", [0, 31, 1_000_000])
def test_synthetic_citizens_match_by_their_own_name(world: World, index: int) -> None:
    """They are recognised by computing, and by nobody else's name."""
    name, number = synthetic_citizen(index)
    assert world.ask(name, number).verdict is AuthorityVerdict.MATCHED
    assert world.ask("测不符", number).verdict is AuthorityVerdict.MISMATCH


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.DOWN])
def test_silence_is_unavailable_and_passes(world: World, fault: Fault) -> None:
    """No answer is neither match nor mismatch; when the fault is gone the same application goes on."""
    reference = new_reference()
    world.registry.set_fault(fault)
    with pytest.raises(AuthorityUnavailable) as caught:
        world.ask(P01.name, P01.number, reference)
    assert caught.value.retry_after is not None
    with pytest.raises(AuthorityUnavailable):
        world.authority.check_health()
    world.registry.set_fault(Fault.NONE)
    world.authority.check_health()
    assert world.ask(P01.name, P01.number, reference).verdict is AuthorityVerdict.MATCHED


def test_garbled_answers_are_not_used(world: World) -> None:
    """An answer whose signature does not hold decides nothing."""
    world.registry.set_fault(Fault.GARBLED)
    with pytest.raises(AuthorityAnswerInvalid):
        world.ask(P01.name, P01.number)


def test_pending_is_an_answer(world: World) -> None:
    """While «in progress» is switched on everybody gets it, and the case goes on afterwards."""
    reference = new_reference()
    world.registry.set_fault(Fault.PENDING)
    assert world.ask(P01.name, P01.number, reference).verdict is AuthorityVerdict.PENDING
    world.registry.set_fault(Fault.NONE)
    assert world.ask(P01.name, P01.number, reference).verdict is AuthorityVerdict.MATCHED


def test_a_bad_upstream_sends_p14_to_a_person(world: World) -> None:
    """A name the register cannot write is a question for a human, never a mismatch; others do not notice."""
    world.registry.set_fault(Fault.BAD_UPSTREAM)
    assert world.ask(P14.name, P14.number).verdict is AuthorityVerdict.NEEDS_HUMAN
    assert world.ask(P01.name, P01.number).verdict is AuthorityVerdict.MATCHED
    world.registry.set_fault(Fault.NONE)
    assert world.ask(P14.name, P14.number).verdict is AuthorityVerdict.MATCHED


def test_nothing_personal_is_logged_or_shown(world: World) -> None:
    """Neither logs nor reprs nor errors hold a name, a number or a mark."""
    with capture_logs() as logs:
        answer = world.ask(P01.name, P01.number)
        world.registry.set_fault(Fault.DOWN)
        with pytest.raises(AuthorityUnavailable) as caught:
            world.ask(P01.name, P01.number)
    shown = f"{logs} {answer!r} {caught.value!r} {caught.value.__cause__!r}"
    assert answer.eid_mark is not None
    for secret in (P01.name, P01.number, str(answer.eid_mark), answer.eid_mark.hex()):
        assert secret not in shown


def test_adapters_have_names(sandbox_world: World, http_world: World) -> None:
    """Records and the health page tell them apart."""
    assert (sandbox_world.authority.adapter_id, http_world.authority.adapter_id) == ("sandbox", "http")


def test_the_vector_of_the_standard_library_is_sm3() -> None:
    """The second author of the mark's vector knows SM3: GB/T 32905-2016, appendix A.1."""
    digest = hashlib.new("sm3", b"abc").hexdigest()
    assert digest == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
