"""Operators' passkeys: added by whoever was proven lately, each one person's, and a way in of its own."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eztong.domain.access.passkey import MAX_PASSKEYS, PasskeyCloned, PasskeyLimit, PasskeyPurpose, PasskeyRefused
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor
from eztong.domain.operators.operator import PASSKEY_MARK, OperatorRefused, OperatorRole, SameOperator
from eztong.domain.operators.passkey import PasskeyOfAnother, PasskeyUnnamed
from eztong.domain.operators.proposal import ProposalEnded, ProposalKind
from eztong.domain.operators.session import ProofNeeded
from eztong.domain.signed_in import PROOF_LIFE
from eztong.ports.act import Acting
from eztong.usecases.operators.keep_passkeys import add_passkey, offer_passkey, remove_passkey
from eztong.usecases.operators.manage_operators import disable_operator, renew_secret
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.operators.prove_again import offer_proof
from eztong.usecases.operators.set_up_operator import SetUpOperator, invite_operator, offer_set_up, set_up_operator
from eztong.usecases.operators.sign_in_by_passkey import offer_sign_in, sign_in_by_passkey
from eztong.usecases.operators.sign_in_operator import begin_session, end_sessions
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.operators.acts import operator, stored
from tests.unit.usecases.operators.proofs import NETWORK, at_console, given, prove, with_passkey
from tests.unit.usecases.operators.test_sign_in import audit
from tests.unit.usecases.stage import Stage

SYSTEM, LEGAL, CASES, SECURITY = OperatorRole.SYSTEM, OperatorRole.LEGAL, OperatorRole.CASES, OperatorRole.SECURITY
DOOR = Acting(Actor.OPERATOR, door=AuditDoor.CONSOLE, correlation="request-9")
KIND = ProposalKind.MINOR_REVEAL
BROWSER = b"a browser that is not signed in"
MINUTES = PROOF_LIFE.total_seconds()


def labels(stage: Stage, name: str) -> list[str]:
    return [one.label for one in stage.read(lambda kept: kept.operator_passkeys.of_operator(name))]


def sign_in(stage: Stage, authenticator: Authenticator, token: str = "s" * 43) -> str:
    options = offer_sign_in(BROWSER, by=DOOR, services=stage.services)
    answer = given(replace(DOOR, session=BROWSER), PasskeyPurpose.OPERATOR_SIGN_IN, authenticator.use(options))
    return sign_in_by_passkey(answer, token, by=DOOR, services=stage.services).operator


def decide(stage: Stage, by: Acting, proposal_id: str) -> None:
    command = DecideProposal(proposal_id=proposal_id, approve=False, reason="seen")
    stage.act(decide_proposal, command, by=by, calendar=stage.services.deployment.calendar)


def proposed(stage: Stage, by: Acting) -> str:
    return stage.act(
        propose, Propose(kind=ProposalKind.MINOR_REVEAL, subject="hld_1", reason="sent"), by=by
    ).proposal_id


# --- adding and removing ------------------------------------------------------------------------------------------


def test_several_passkeys_have_names_and_each_opens_the_console(stage: Stage) -> None:
    by = at_console(stage)
    phone, key = Authenticator(b"phone", "k1"), Authenticator(b"key", "k2")
    with_passkey(stage, by, phone, "  my   phone ")
    stage.clock.pass_by(seconds=1)
    with_passkey(stage, by, key)
    assert labels(stage, "li.na") == ["blue key", "my phone"]
    assert sign_in(stage, phone) == "li.na"
    assert sign_in(stage, key, "t" * 43) == "li.na"
    signed_in = [one for one in audit(stage) if one.what == "sign_in"]
    assert {(one.step, one.operator) for one in signed_in} == {("done", "li.na")}


def test_every_operators_passkeys_are_named_to_a_browser_that_makes_one(stage: Stage) -> None:
    with_passkey(stage, at_console(stage), Authenticator(b"hers"))
    offered = json.loads(offer_passkey(by=at_console(stage, "wang"), services=stage.services))
    assert offered["known"] == [b"hers".hex()]
    assert offered["name"] == "wang"


def test_they_belong_to_the_site_of_the_console_not_to_that_of_citizens(stage: Stage) -> None:
    by = at_console(stage)
    asked = (
        offer_passkey(by=by, services=stage.services),
        offer_proof(by=by, services=stage.services),
        offer_sign_in(BROWSER, by=DOOR, services=stage.services),
    )
    assert {json.loads(one)["site"] for one in asked} == {"console.eztong.example"}


@pytest.mark.parametrize("label", ["", "  ", "x" * 41, "a\x00b"])
def test_a_passkey_without_a_name_is_not_kept(stage: Stage, label: str) -> None:
    with pytest.raises(PasskeyUnnamed):
        with_passkey(stage, at_console(stage), Authenticator(), label)
    assert labels(stage, "li.na") == []


def test_there_is_an_end_to_how_many(stage: Stage) -> None:
    by = at_console(stage)
    for number in range(MAX_PASSKEYS):
        with_passkey(stage, by, Authenticator(b"%d" % number))
    with pytest.raises(PasskeyLimit):
        offer_passkey(by=by, services=stage.services)


def test_a_removed_one_opens_nothing_and_nobody_removes_anothers(stage: Stage) -> None:
    by, phone = at_console(stage), Authenticator()
    passkey = with_passkey(stage, by, phone)
    with pytest.raises(NotFound):
        stage.act(remove_passkey, passkey.passkey_id, by=at_console(stage, "wang"))
    stage.act(remove_passkey, passkey.passkey_id, by=by)
    with pytest.raises(PasskeyRefused):
        sign_in(stage, phone)
    with pytest.raises(NotFound):
        stage.act(remove_passkey, passkey.passkey_id, by=by)


def test_an_old_session_neither_adds_nor_removes(stage: Stage) -> None:
    by = at_console(stage)
    passkey = with_passkey(stage, by, Authenticator())
    options = offer_passkey(by=by, services=stage.services)
    stage.clock.pass_by(seconds=MINUTES)
    late = given(by, PasskeyPurpose.OPERATOR_REGISTER, Authenticator(b"late").make(options))
    for refused in (
        lambda: offer_passkey(by=by, services=stage.services),
        lambda: stage.act(remove_passkey, passkey.passkey_id, by=by),
        lambda: stage.act(renew_secret, "li.na", secret_hash="new", by=by),
    ):
        with pytest.raises(ProofNeeded):
            refused()
    with pytest.raises(EztongError):
        add_passkey(late, "late", by=by, services=stage.services)
    assert labels(stage, "li.na") == ["blue key"]


def test_an_answer_serves_one_browser_one_purpose_once(stage: Stage) -> None:
    by, phone = at_console(stage), Authenticator()
    with_passkey(stage, by, phone)
    options = offer_sign_in(BROWSER, by=DOOR, services=stage.services)
    answer = given(replace(DOOR, session=BROWSER), PasskeyPurpose.OPERATOR_SIGN_IN, phone.use(options))
    for wrong in (replace(answer, session=b"elsewhere"), replace(answer, purpose=PasskeyPurpose.OPERATOR_PROOF)):
        with pytest.raises(PasskeyRefused):
            sign_in_by_passkey(wrong, "t" * 43, by=DOOR, services=stage.services)
    sign_in_by_passkey(answer, "t" * 43, by=DOOR, services=stage.services)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(answer, "u" * 43, by=DOOR, services=stage.services)


def test_a_copied_authenticator_is_refused_and_on_record(stage: Stage) -> None:
    phone = Authenticator()
    with_passkey(stage, at_console(stage), phone)
    sign_in(stage, phone)
    phone.count = 0
    with pytest.raises(PasskeyCloned):
        sign_in(stage, phone)
    assert (audit(stage)[-1].what, audit(stage)[-1].error) == ("sign_in", "passkey_cloned")


def test_a_stranger_and_a_disabled_operator_do_not_come_in(stage: Stage) -> None:
    phone, admin = Authenticator(), operator(stage, "root", SYSTEM)
    with_passkey(stage, at_console(stage), phone)
    with pytest.raises(PasskeyRefused):
        sign_in(stage, Authenticator(b"stranger"))
    stage.act(disable_operator, "li.na", by=admin)
    with pytest.raises(OperatorRefused):
        sign_in(stage, phone)
    assert (audit(stage)[-1].step, audit(stage)[-1].operator) == ("refused", "li.na")


def test_passkeys_go_with_a_secret_that_somebody_else_gave_and_stay_with_ones_own(stage: Stage) -> None:
    by, admin = at_console(stage), operator(stage, "root", SYSTEM)
    with_passkey(stage, by, Authenticator())
    stage.act(renew_secret, "li.na", secret_hash="own", staying=by.session, by=by)
    assert labels(stage, "li.na") == ["blue key"]
    stage.act(renew_secret, "li.na", secret_hash="given", by=admin)
    assert labels(stage, "li.na") == []


def test_what_a_giver_made_goes_when_its_operator_renews_the_secret(stage: Stage) -> None:
    admin = operator(stage, "root", SYSTEM)
    by = at_console(stage)
    stage.act(renew_secret, "li.na", secret_hash="given", by=admin)
    again = replace(stage_session(stage, by), correlation="two")
    with_passkey(stage, again, Authenticator(b"the giver's"))
    stage.act(renew_secret, "li.na", secret_hash="own", staying=again.session, by=again)
    assert labels(stage, "li.na") == []


def stage_session(stage: Stage, by: Acting) -> Acting:
    session = stage.act(begin_session, stored(stage, by.name), "again", by=by)
    return replace(by, session=session.session_hash)


def test_setting_up_anew_ends_every_passkey(stage: Stage) -> None:
    phone, admin = Authenticator(), operator(stage, "root", SYSTEM)
    with_passkey(stage, at_console(stage), phone)
    stage.act(invite_operator, "li.na", word="word", by=admin)
    services = stage.services
    offer = offer_set_up("li.na", "word", network=NETWORK, by=DOOR, services=services)
    code = services.one_time_codes.code_of(bytes.fromhex(offer.key), services.one_time_codes.step())
    command = SetUpOperator(word="word", offer=offer, code=code, token="n" * 43, network=NETWORK)
    set_up_operator(command, by=DOOR, services=services)
    with pytest.raises(PasskeyRefused):
        sign_in(stage, phone)


# --- one passkey, one person ---------------------------------------------------------------------------------------


def test_a_second_account_of_the_same_passkey_approves_nothing_of_the_first(stage: Stage) -> None:
    first, second = at_console(stage, "li"), at_console(stage, "li.two")
    phone = Authenticator()
    with_passkey(stage, first, phone)
    waits = proposed(stage, first)
    with pytest.raises(PasskeyOfAnother):
        with_passkey(stage, second, phone)
    with pytest.raises(SameOperator):
        decide(stage, second, waits)
    assert labels(stage, "li.two") == []
    assert (audit(stage)[-1].error, audit(stage)[-1].subject) == ("passkey_of_another", "li")


def test_whoever_proves_by_another_operators_passkey_is_that_one_from_then_on(stage: Stage) -> None:
    first, second, third = (at_console(stage, name) for name in ("li", "li.two", "wang"))
    phone = Authenticator()
    with_passkey(stage, first, phone)
    waits = proposed(stage, first)
    with pytest.raises(PasskeyOfAnother):
        prove(stage, second, phone)
    with pytest.raises(SameOperator):
        decide(stage, second, waits)
    assert {name: bool(stored(stage, name).marks) for name in ("li", "li.two", "wang")} == {
        "li": True,
        "li.two": True,
        "wang": False,
    }
    decide(stage, third, waits)
    with pytest.raises(ProposalEnded):
        decide(stage, third, waits)


def test_a_removed_passkey_still_tells_whose_it_was(stage: Stage) -> None:
    first, second = at_console(stage, "li"), at_console(stage, "li.two")
    phone = Authenticator()
    passkey = with_passkey(stage, first, phone)
    stage.act(remove_passkey, passkey.passkey_id, by=first)
    with pytest.raises(PasskeyOfAnother):
        with_passkey(stage, second, phone)
    with pytest.raises(PasskeyRefused):
        with_passkey(stage, first, phone)


def test_the_mark_of_one_person_outlives_a_disabled_name(stage: Stage) -> None:
    admin, phone = operator(stage, "root", SYSTEM), Authenticator()
    with_passkey(stage, at_console(stage, "li"), phone)
    with pytest.raises(PasskeyOfAnother):
        with_passkey(stage, at_console(stage, "li.two"), phone)
    stage.act(disable_operator, "li", by=admin)
    (mark,) = stored(stage, "li").marks
    assert (mark.startswith(PASSKEY_MARK), mark in stored(stage, "li.two").persons) == (True, True)


# --- proven lately -------------------------------------------------------------------------------------------------


def test_a_session_alone_decides_nothing_and_a_passkey_makes_it_do(stage: Stage) -> None:
    first, second = at_console(stage, "li"), at_console(stage, "wang")
    phone = Authenticator()
    with_passkey(stage, second, phone)
    waits = proposed(stage, first)
    stage.clock.pass_by(seconds=MINUTES)
    with pytest.raises(ProofNeeded):
        decide(stage, second, waits)
    prove(stage, second, phone)
    decide(stage, second, waits)


def test_a_session_of_somebody_else_or_one_that_ended_proves_nothing(stage: Stage) -> None:
    first, second, guard = at_console(stage, "li"), at_console(stage, "wang"), operator(stage, "guard", SECURITY)
    waits = proposed(stage, first)
    with pytest.raises(ProofNeeded):
        decide(stage, replace(second, session=first.session), waits)
    stage.act(end_sessions, "wang", by=guard)
    with pytest.raises(ProofNeeded):
        decide(stage, second, waits)
