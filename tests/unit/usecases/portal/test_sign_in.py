"""People of partners set themselves up by a word, and sign in with secret and one-time code together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import EztongError, NotFound, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor
from eztong.domain.operators.operator import WRONG_TRIES, OperatorLocked
from eztong.domain.operators.session import InvitationRefused, OneTimeCodeWrong
from eztong.domain.partners.partner import PartnerState
from eztong.domain.portal.person import PortalNameInvalid, PortalPerson, PortalRefused, PortalSession
from eztong.domain.signed_in import IDLE_LIFE, INVITATION_LIFE
from eztong.ports.act import Acting
from eztong.usecases.operators.console_tries import CODE_TRIES
from eztong.usecases.portal.manage_people import AddPerson, add_person, disable_person, invite_person
from eztong.usecases.portal.set_up_person import SetUpPerson, offer_to_person, set_up_person
from eztong.usecases.portal.sign_in_person import (
    SignInPerson,
    end_own_session,
    find_at_portal,
    note_portal_use,
    sign_in_person,
    sign_out_person,
)
from eztong.usecases.set_up_offer import SetUpOffer
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import (
    ADMINISTRATOR,
    HOTEL,
    LIBRARY,
    SECRET,
    audit,
    code,
    person,
    put,
    stored,
)
from tests.unit.usecases.stage import Stage

TOKEN, NETWORK, WORD = "t" * 43, "203.0.113.0", "wxyz-2345-abcd-6789"
HERE = Acting(Actor.PARTNER, door=AuditDoor.PORTAL, correlation="request-1")


def sign_in(
    stage: Stage,
    login: str = "li@hotel",
    *,
    secret: str = SECRET,
    typed: str | None = None,
    token: str = TOKEN,
    network: str = NETWORK,
) -> PortalSession:
    shown = code(stage) if typed is None else typed
    command = SignInPerson(login=login, secret=secret, code=shown, token=token, network=network)
    return sign_in_person(command, by=HERE, services=stage.services)


def invited(stage: Stage, name: str = "wang") -> PortalPerson:
    by = operator(stage)
    return stage.act(add_person, AddPerson(partner_id=HOTEL, name=name, role=ADMINISTRATOR, word=WORD), by=by)


def offered(stage: Stage, login: str = "wang@hotel", word: str = WORD) -> SetUpOffer:
    return offer_to_person(login, word, network=NETWORK, by=HERE, services=stage.services)


def finish(stage: Stage, offer: SetUpOffer, *, word: str = WORD, typed: str | None = None) -> PortalSession:
    shown = code(stage, key=bytes.fromhex(offer.key)) if typed is None else typed
    command = SetUpPerson(word=word, offer=offer, code=shown, token=TOKEN, network=NETWORK)
    return set_up_person(command, by=HERE, services=stage.services)


def test_secret_and_code_together_begin_a_session_that_stands_in_the_audit(stage: Stage) -> None:
    person(stage)
    session = sign_in(stage, " LI@Hotel ")
    found = stage.read(lambda now: find_at_portal(TOKEN, stored=now, keys=stage.keys))
    assert (found.session, found.person.login, found.partner.partner_id) == (session, "li@hotel", HOTEL)
    (entry,) = audit(stage)
    assert (entry.step, entry.what, entry.operator) == ("done", "sign_in", "li@hotel")
    assert entry.subject == session.session_id
    assert (entry.roles, entry.door, entry.correlation) == (frozenset({"administrator"}), AuditDoor.PORTAL, "request-1")
    with pytest.raises(SessionMissing):
        stage.read(lambda now: find_at_portal("u" * 43, stored=now, keys=stage.keys))


@pytest.mark.parametrize(("secret", "typed"), [("wrong", None), (SECRET, "000000"), (SECRET, ""), ("wrong", "000000")])
def test_either_alone_is_refused_alike_and_on_record(stage: Stage, secret: str, typed: str | None) -> None:
    person(stage)
    with pytest.raises(PortalRefused):
        sign_in(stage, secret=secret, typed=typed)
    assert [(one.step, one.error) for one in audit(stage)] == [("refused", "portal_refused")]


@pytest.mark.parametrize("login", ["li@library", "nobody@hotel", "li@nowhere"])
def test_a_person_of_one_partner_is_nobody_at_another_and_costs_as_much(stage: Stage, login: str) -> None:
    person(stage)
    with pytest.raises(PortalRefused):
        sign_in(stage, login)
    assert audit(stage) == []
    assert stage.hasher.compared == [None]


@pytest.mark.parametrize("login", ["li", "li@", "@hotel", "l i@hotel", "li@hotel@library", "li@Hot_el", ""])
def test_what_can_be_no_name_is_refused_at_once(stage: Stage, login: str) -> None:
    with pytest.raises(PortalNameInvalid):
        sign_in(stage, login)


def test_whoever_knows_the_secret_tries_ten_codes_an_hour_from_whatever_networks(stage: Stage) -> None:
    person(stage)
    for network in range(CODE_TRIES.amount):
        with pytest.raises(PortalRefused):
            sign_in(stage, secret="wrong", network=f"198.51.100.{network}")
        with pytest.raises(PortalRefused):
            sign_in(stage, typed="000000", network=f"203.0.113.{network}")
    with pytest.raises(OperatorLocked):
        sign_in(stage)
    # Who does not know it is told as much as before, and locks nobody.
    with pytest.raises(PortalRefused):
        sign_in(stage, secret="wrong")
    stage.clock.pass_by(seconds=(CODE_TRIES.window + CODE_TRIES.width).total_seconds())
    assert sign_in(stage).name == "li"


def test_five_wrong_tries_lock_a_name_for_the_network_that_they_came_from(stage: Stage) -> None:
    person(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(PortalRefused):
            sign_in(stage, secret="wrong")
    with pytest.raises(OperatorLocked):
        sign_in(stage)
    assert sign_in(stage, network="198.51.100.0").name == "li"


def test_a_code_is_taken_once(stage: Stage) -> None:
    person(stage)
    sign_in(stage)
    with pytest.raises(PortalRefused):
        sign_in(stage, token="u" * 43)


def test_whoever_is_disabled_or_not_set_up_comes_in_by_nothing(stage: Stage) -> None:
    person(stage, active=False)
    invited(stage)
    for login in ("li@hotel", "wang@hotel"):
        with pytest.raises(PortalRefused):
            sign_in(stage, login)


@pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.CLOSED])
def test_people_of_a_partner_that_is_suspended_or_closed_still_sign_in_to_read(
    stage: Stage, state: PartnerState
) -> None:
    person(stage)
    put(stage, state)
    assert sign_in(stage).partner_id == HOTEL


def test_a_session_ends_by_idling_and_by_its_owner(stage: Stage) -> None:
    by = person(stage)
    session = sign_in(stage)
    assert not session.is_live(now=session.active_at + IDLE_LIFE)
    stage.clock.pass_by(seconds=60)
    stage.act(note_portal_use, session.session_hash, by=by)
    used = stage.read(lambda now: find_at_portal(TOKEN, stored=now, keys=stage.keys)).session
    assert used.is_live(now=session.active_at + IDLE_LIFE)
    other = person(stage, "wang")
    with pytest.raises(NotFound):
        stage.act(end_own_session, session.session_id, by=other)
    stage.act(end_own_session, session.session_id, by=by)
    left = stage.read(lambda now: now.portal.sessions(HOTEL, "li"))
    assert [one.session_hash for one in left] == [by.session]
    stage.act(sign_out_person, session, by=by)


def test_whoever_is_invited_gets_a_secret_and_an_app_and_is_signed_in(stage: Stage) -> None:
    before = invited(stage)
    assert (before.secret_hash, before.second_factor) == ("", None)
    offer = offered(stage, word=WORD.upper().replace("-", " "))
    with pytest.raises(OneTimeCodeWrong):
        finish(stage, offer, typed="000000")
    session = finish(stage, offer)
    after = stored(stage, "wang")
    assert (session.name, after.invite_hash, after.is_set_up) == ("wang", None, True)
    # The code of the app that was just shown is taken already.
    with pytest.raises(PortalRefused):
        sign_in(stage, "wang@hotel", secret=offer.secret, typed=code(stage, key=bytes.fromhex(offer.key)))
    stage.clock.pass_by(seconds=60)
    shown = code(stage, key=bytes.fromhex(offer.key))
    assert sign_in(stage, "wang@hotel", secret=offer.secret, typed=shown, token="u" * 43).name == "wang"


def test_a_word_works_once_in_time_for_its_own_name_and_not_once_its_person_is_disabled(stage: Stage) -> None:
    person(stage, "zhao", partner_id=LIBRARY)
    invited(stage)
    for login, word in (("wang@library", WORD), ("zhao@library", WORD), ("wang@hotel", "other")):
        with pytest.raises(InvitationRefused):
            offered(stage, login, word)
    offer = offered(stage)
    for changed in (replace(offer, name="zhao@library"), replace(offer, secret="mine"), replace(offer, key="00" * 20)):
        with pytest.raises(InvitationRefused):
            finish(stage, changed)
    finish(stage, offer)
    with pytest.raises(InvitationRefused):
        finish(stage, offer)
    by = Acting(Actor.OPERATOR, "li.na")
    stage.act(invite_person, HOTEL, "wang", word=WORD, by=by)
    stage.clock.pass_by(seconds=INVITATION_LIFE.total_seconds())
    with pytest.raises(InvitationRefused):
        offered(stage)
    stage.act(invite_person, HOTEL, "wang", word=WORD, by=by)
    offer = offered(stage)
    stage.act(disable_person, HOTEL, "wang", by=by)
    with pytest.raises(InvitationRefused):
        finish(stage, offer)


def test_a_new_set_up_ends_the_sessions_and_the_secret_of_before(stage: Stage) -> None:
    person(stage)
    sign_in(stage)
    by = operator(stage)
    stage.act(invite_person, HOTEL, "li", word=WORD, by=by)
    # Until the word is used, what the person has goes on.
    assert stage.read(lambda now: find_at_portal(TOKEN, stored=now, keys=stage.keys)).session.ended_at is None
    command_token = "v" * 43
    offer = offered(stage, "li@hotel")
    shown = code(stage, key=bytes.fromhex(offer.key))
    command = SetUpPerson(word=WORD, offer=offer, code=shown, token=command_token, network=NETWORK)
    set_up_person(command, by=HERE, services=stage.services)
    assert stage.read(lambda now: find_at_portal(TOKEN, stored=now, keys=stage.keys)).session.ended_at is not None
    stage.clock.pass_by(seconds=60)
    with pytest.raises(EztongError):
        sign_in(stage)
