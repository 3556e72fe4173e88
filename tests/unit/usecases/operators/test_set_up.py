"""Setting up for the console: by an invitation, by a command's secret, or as the first operator; once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import EztongError, NotFound, StateConflict
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor
from eztong.domain.operators.operator import (
    GIVEN_COUNTS_FOR,
    WRONG_TRIES,
    OperatorLocked,
    OperatorNameInvalid,
    OperatorRefused,
    OperatorRole,
    RoleMissing,
    SameOperator,
)
from eztong.domain.operators.session import InvitationRefused, OneTimeCodeWrong, OperatorSession
from eztong.domain.signed_in import INVITATION_LIFE
from eztong.ports.act import Acting
from eztong.usecases.operators.manage_operators import change_roles, disable_operator, renew_secret
from eztong.usecases.operators.set_up_operator import (
    SetUpOperator,
    invite_first,
    invite_operator,
    offer_set_up,
    set_up_operator,
)
from eztong.usecases.operators.sign_in_operator import SignInOperator, begin_session, sign_in_operator
from eztong.usecases.set_up_offer import SetUpOffer
from tests.unit.usecases.operators.acts import SECRET, operator, stored
from tests.unit.usecases.stage import Stage

WORD = "word-word-word-word"
SYSTEM, CASES = OperatorRole.SYSTEM, OperatorRole.CASES
NETWORK = "203.0.113.0"
HERE = Acting(Actor.OPERATOR, door=AuditDoor.CONSOLE, correlation="request-1")


def offered(stage: Stage, name: str, word: str) -> SetUpOffer:
    return offer_set_up(name, word, network=NETWORK, by=HERE, services=stage.services)


def finish(
    stage: Stage, offer: SetUpOffer, *, word: str = WORD, code: str | None = None, token: str = "t" * 43
) -> OperatorSession:
    codes = stage.services.one_time_codes
    shown = codes.code_of(bytes.fromhex(offer.key), codes.step()) if code is None else code
    command = SetUpOperator(word=word, offer=offer, code=shown, token=token, network=NETWORK)
    return set_up_operator(command, by=HERE, services=stage.services)


def set_up(stage: Stage, name: str = "wang", word: str = WORD, *, token: str = "t" * 43) -> SetUpOffer:
    offer = offered(stage, name, word)
    finish(stage, offer, word=word, token=token)
    return offer


def invited(stage: Stage, name: str = "wang", word: str = WORD) -> Acting:
    """Let there be an operator who was invited by another one, and return that one."""
    by = operator(stage, "li", SYSTEM)
    operator(stage, name, CASES)
    stage.act(invite_operator, name, word=word, by=by)
    return by


def test_an_invitation_gives_a_secret_that_nobody_else_saw_and_a_session(stage: Stage) -> None:
    invited(stage)
    offer = set_up(stage)
    now = stored(stage, "wang")
    assert stage.hasher.is_right(offer.secret, now.secret_hash)
    assert (now.invite_hash, now.invite_until) == (None, None)
    assert now.second_factor is not None
    assert bytes.fromhex(offer.key) not in now.second_factor
    sessions = stage.read(lambda repositories: repositories.operator_sessions.of_operator("wang"))
    assert len(sessions) == 1


def test_whoever_invited_counts_as_the_operator_for_a_day(stage: Stage) -> None:
    invited(stage)
    assert stored(stage, "wang").hands(now=stage.clock.now()) == {"li", "wang"}
    set_up(stage)
    assert stored(stage, "wang").hands(now=stage.clock.now()) == {"li", "wang"}
    stage.clock.pass_by(seconds=GIVEN_COUNTS_FOR.total_seconds())
    assert stored(stage, "wang").hands(now=stage.clock.now()) == {"wang"}


def test_the_word_works_once_for_its_name_and_for_a_day(stage: Stage) -> None:
    invited(stage)
    operator(stage, "zhao")
    for name, word in (("zhao", WORD), ("wang", "other"), ("nobody", WORD)):
        with pytest.raises(InvitationRefused):
            offered(stage, name, word)
    set_up(stage)
    with pytest.raises(InvitationRefused):
        offered(stage, "wang", WORD)
    by = operator(stage, "qian", SYSTEM)
    stage.act(invite_operator, "zhao", word=WORD, by=by)
    stage.clock.pass_by(seconds=INVITATION_LIFE.total_seconds())
    with pytest.raises(InvitationRefused):
        offered(stage, "zhao", WORD)


def test_a_newer_invitation_ends_the_one_before(stage: Stage) -> None:
    by = invited(stage)
    stage.act(invite_operator, "wang", word="newer", by=by)
    with pytest.raises(InvitationRefused):
        offered(stage, "wang", WORD)
    set_up(stage, word="newer")


def test_an_offer_counts_only_as_it_was_made_and_for_half_an_hour(stage: Stage) -> None:
    invited(stage)
    offer = offered(stage, "wang", WORD)
    changes: tuple[dict[str, object], ...] = (
        {"secret": "1"},
        {"key": "00" * 20},
        {"name": "li"},
        {"until": offer.until + 1},
        {"tag": "00"},
    )
    for change in changes:
        with pytest.raises(InvitationRefused):
            finish(stage, replace(offer, **change))  # type: ignore[arg-type]  # fields of an offer
    with pytest.raises(InvitationRefused):
        finish(stage, offer, word="other")
    with pytest.raises(OneTimeCodeWrong):
        finish(stage, offer, code="000000")
    stage.clock.pass_by(minutes=30)
    with pytest.raises(InvitationRefused):
        finish(stage, offer)
    assert stored(stage, "wang").second_factor is None


def test_two_who_hold_the_same_word_do_not_both_come_in(stage: Stage) -> None:
    invited(stage)
    first, second = (offered(stage, "wang", WORD) for _ in range(2))
    finish(stage, first)
    with pytest.raises(InvitationRefused):
        finish(stage, second)


def test_setting_up_anew_signs_other_browsers_out(stage: Stage) -> None:
    by = invited(stage)
    set_up(stage)
    stage.act(invite_operator, "wang", word="again", by=by)
    set_up(stage, word="again", token="w" * 43)
    sessions = stage.read(lambda repositories: repositories.operator_sessions.of_operator("wang"))
    assert len(sessions) == 1


def test_a_secret_from_a_command_sets_up_while_there_is_no_second_factor(stage: Stage) -> None:
    operator(stage, "wang", CASES)
    offer = set_up(stage, word=SECRET)
    with pytest.raises(InvitationRefused):
        offered(stage, "wang", offer.secret)


def test_a_secret_that_was_renewed_while_it_was_judged_sets_nothing_up(stage: Stage) -> None:
    by = operator(stage, "wang", CASES)
    offer = offered(stage, "wang", SECRET)
    renewed = stage.hasher.make_hash("their own", salt=b"salt")
    stage.hasher.meanwhile.happens = lambda: stage.act(renew_secret, "wang", secret_hash=renewed, by=by)
    with pytest.raises(InvitationRefused):
        finish(stage, offer, word=SECRET)
    assert stored(stage, "wang").secret_hash == renewed


def test_a_new_secret_ends_the_word_of_an_invitation_and_keeps_who_gave_it(stage: Stage) -> None:
    invited(stage)
    qian = operator(stage, "qian", SYSTEM)
    stage.act(renew_secret, "wang", secret_hash="another", by=qian)
    with pytest.raises(InvitationRefused):
        offered(stage, "wang", WORD)
    assert stored(stage, "wang").hands(now=stage.clock.now()) == {"li", "qian", "wang"}


def test_a_lost_word_found_late_counts_from_when_it_is_used(stage: Stage) -> None:
    invited(stage)
    stage.clock.pass_by(hours=23)
    set_up(stage)
    stage.clock.pass_by(hours=23)
    assert stored(stage, "wang").hands(now=stage.clock.now()) == {"li", "wang"}


def test_wrong_words_lock_as_wrong_secrets_do(stage: Stage) -> None:
    operator(stage, "wang", CASES)
    for _ in range(WRONG_TRIES):
        with pytest.raises(InvitationRefused):
            offered(stage, "wang", "wrong")
    with pytest.raises(OperatorLocked):
        offered(stage, "wang", SECRET)


def test_who_was_disabled_meanwhile_sets_nothing_up(stage: Stage) -> None:
    by = invited(stage)
    offer = offered(stage, "wang", WORD)
    stage.act(disable_operator, "wang", by=by)
    with pytest.raises(InvitationRefused):
        finish(stage, offer)


@pytest.mark.parametrize(
    ("by", "name", "refusal"),
    [
        ("li", "li", StateConflict),
        ("clerk", "li", RoleMissing),
        ("li", "nobody", NotFound),
        ("li", "left", StateConflict),
    ],
)
def test_only_another_operator_of_role_system_invites(
    stage: Stage, by: str, name: str, refusal: type[EztongError]
) -> None:
    who = {"li": operator(stage, "li", SYSTEM), "clerk": operator(stage, "clerk", CASES)}
    operator(stage, "left", CASES, active=False)
    with pytest.raises(refusal):
        stage.act(invite_operator, name, word=WORD, by=who[by])


# --- the first one ------------------------------------------------------------------------------------------------


def test_the_first_operator_sets_up_with_the_servers_word_and_gets_the_roles_of_the_house(stage: Stage) -> None:
    assert stage.act(invite_first, word=WORD)
    set_up(stage, "li.na")
    first = stored(stage)
    assert first.roles == {OperatorRole.SYSTEM, OperatorRole.SECURITY}
    assert first.hands(now=stage.clock.now()) == {"li.na"}
    with pytest.raises(InvitationRefused):
        offered(stage, "wang", WORD)
    assert not stage.act(invite_first, word="another")


def test_nobody_is_first_where_an_operator_came_meanwhile(stage: Stage) -> None:
    stage.act(invite_first, word=WORD)
    offer = offered(stage, "li.na", WORD)
    operator(stage, "wang", SYSTEM)
    with pytest.raises(InvitationRefused):
        finish(stage, offer)


def test_the_first_word_is_over_after_a_day_and_needs_a_name(stage: Stage) -> None:
    stage.act(invite_first, word=WORD)
    with pytest.raises(OperatorNameInvalid):
        offered(stage, "a b", WORD)
    stage.clock.pass_by(seconds=INVITATION_LIFE.total_seconds())
    with pytest.raises(InvitationRefused):
        offered(stage, "li.na", WORD)


def test_setting_up_signs_in_and_the_code_is_used(stage: Stage) -> None:
    invited(stage)
    offer = set_up(stage)
    codes = stage.services.one_time_codes
    again = SignInOperator(
        name="wang",
        secret=offer.secret,
        code=codes.code_of(bytes.fromhex(offer.key), codes.step()),
        token="u" * 43,
        network=NETWORK,
    )
    with pytest.raises(OperatorRefused):
        sign_in_operator(again, by=HERE, services=stage.services)
    stage.clock.pass_by(seconds=30)
    later = replace(again, code=codes.code_of(bytes.fromhex(offer.key), codes.step()))
    assert sign_in_operator(later, by=HERE, services=stage.services).operator == "wang"


def test_a_session_begun_by_hand_is_the_operators(stage: Stage) -> None:
    who = operator(stage, "wang", CASES)
    session = stage.act(begin_session, stored(stage, "wang"), "v" * 43, by=who)
    assert session.operator == "wang"


def test_nobody_changes_their_own_roles_by_a_name_that_they_invited(stage: Stage) -> None:
    operator(stage, "li", SYSTEM)
    operator(stage, "puppet", SYSTEM)
    li, puppet = Acting(Actor.OPERATOR, "li"), Acting(Actor.OPERATOR, "puppet")
    stage.act(invite_operator, "puppet", word=WORD, by=li)
    set_up(stage, "puppet")
    with pytest.raises(SameOperator):
        stage.act(change_roles, "li", frozenset({CASES}), by=puppet)
    stage.clock.pass_by(seconds=GIVEN_COUNTS_FOR.total_seconds())
    assert stage.act(change_roles, "li", frozenset({CASES}), by=puppet).roles == {CASES}
