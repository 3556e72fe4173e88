"""Who may add, invite, change and disable people of a partner: an operator for any, an administrator for their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.errors import EztongError, NotFound, StateConflict
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.operators.session import ProofNeeded
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import PartnerState, Scope
from eztong.domain.portal.permission import PortalNotOpen, PortalRoleMissing
from eztong.domain.portal.person import (
    MOST_PEOPLE,
    NotOneself,
    PersonUnknown,
    PortalFull,
    PortalNameTaken,
    PortalPerson,
    PortalRefused,
    PortalRole,
    PortalState,
)
from eztong.domain.signed_in import PROOF_LIFE
from eztong.ports.act import PARTNER, Acting
from eztong.usecases.operators.prove_again import prove_by_code
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.usecases.portal.manage_people import (
    AddPerson,
    add_person,
    disable_person,
    end_sessions_of,
    give_role,
    invite_person,
)
from eztong.usecases.portal.sign_in_person import begin_portal_session
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.operators.proofs import NETWORK, at_console
from tests.unit.usecases.portal.acts import (
    ADMINISTRATOR,
    AUDITOR,
    DEVELOPER,
    HOTEL,
    LIBRARY,
    audit,
    code,
    person,
    put,
    signed_in,
    stored,
)
from tests.unit.usecases.stage import Stage

WORD = "wxyz-2345-abcd-6789"


def adding(name: str = "wang", role: PortalRole = DEVELOPER, *, partner_id: str = "hotel") -> AddPerson:
    return AddPerson(partner_id=type(HOTEL)(partner_id), name=name, role=role, word=WORD)


def sign_in(stage: Stage, name: str) -> None:
    stage.act(begin_portal_session, stored(stage, name), "t" * 43, by=Acting(PARTNER.actor, f"{name}@hotel"))


def test_an_operator_adds_the_first_and_that_one_the_others_and_all_of_it_is_on_record(stage: Stage) -> None:
    by = operator(stage, "zhao", OperatorRole.PARTNERS)
    stage.act(add_person, adding("li", ADMINISTRATOR), by=by)
    assert stored(stage).added_by == "zhao"
    stage.act(add_person, adding(" Wang "), by=signed_in(stage, stored(stage)))
    assert (stored(stage, "wang").added_by, stored(stage, "wang").role) == ("li@hotel", DEVELOPER)
    assert [(one.operator, one.what, one.subject) for one in audit(stage)] == [
        ("zhao", "partners.keep", "hotel"),
        ("li@hotel", "portal.people.keep", "wang"),
    ]
    kinds = stage.select("SELECT kind, subject FROM acts ORDER BY act_id")
    assert kinds == [("partner_changed", "hotel")] * 2


def test_no_session_of_an_operator_alone_hands_out_a_word_or_a_key(stage: Stage) -> None:
    by = at_console(stage, "zhao", OperatorRole.PARTNERS)
    person(stage, "qian")
    asked = IssueApiKey(partner_id=HOTEL, label="till", scopes=frozenset({Scope.READ}), live=False)
    acts = (
        lambda: stage.act(add_person, adding("li"), by=by),
        lambda: stage.act(invite_person, HOTEL, "qian", word=WORD, by=by),
        lambda: stage.act(issue_api_key, asked, by=by),
    )
    stage.clock.pass_by(seconds=PROOF_LIFE.total_seconds())
    for act in acts:
        with pytest.raises(ProofNeeded):
            act()
    prove_by_code(code(stage), NETWORK, by=by, services=stage.services)
    for act in acts:
        act()
    stage.clock.pass_by(seconds=PROOF_LIFE.total_seconds())
    # What takes away waits for nothing.
    stage.act(disable_person, HOTEL, "qian", by=by)


def test_nobody_adds_people_to_another_partner_or_without_being_somebody(stage: Stage) -> None:
    before = stage.rows()["portal_people"]
    for by in (person(stage), person(stage, "wang", DEVELOPER), person(stage, "zhou", active=False)):
        with pytest.raises((PortalRefused, PortalRoleMissing)):
            stage.act(add_person, adding(partner_id="library"), by=by)
    with pytest.raises(OperatorNeeded):
        stage.act(add_person, adding(), by=PARTNER)
    with pytest.raises(RoleMissing):
        stage.act(add_person, adding(), by=operator(stage, "qian", OperatorRole.CASES))
    with pytest.raises(PortalRefused):
        stage.act(add_person, adding(), by=Acting(PARTNER.actor, "nobody@hotel"))
    assert stage.rows()["portal_people"] == before + 3


@pytest.mark.parametrize("role", [DEVELOPER, AUDITOR])
def test_who_is_no_administrator_changes_nobody(stage: Stage, role: PortalRole) -> None:
    by = person(stage, "li", role)
    person(stage, "wang", AUDITOR)
    acts = (
        lambda: stage.act(add_person, adding("zhao"), by=by),
        lambda: stage.act(invite_person, HOTEL, "wang", word=WORD, by=by),
        lambda: stage.act(give_role, HOTEL, "wang", ADMINISTRATOR, by=by),
        lambda: stage.act(disable_person, HOTEL, "wang", by=by),
        lambda: stage.act(end_sessions_of, HOTEL, "wang", by=by),
    )
    for act in acts:
        with pytest.raises(PortalRoleMissing):
            act()
    assert (stored(stage, "wang").role, stored(stage, "wang").state) == (AUDITOR, PortalState.ACTIVE)


def test_names_are_taken_within_a_partner_alone_and_for_good(stage: Stage) -> None:
    by = person(stage)
    person(stage, "wang", partner_id=LIBRARY)
    stage.act(add_person, adding(), by=by)
    stage.act(disable_person, HOTEL, "wang", by=by)
    with pytest.raises(PortalNameTaken):
        stage.act(add_person, adding(), by=by)


def test_a_partner_has_room_for_so_many(stage: Stage) -> None:
    by = person(stage)

    def fill(uow: object) -> None:
        for number in range(MOST_PEOPLE - 1):
            made = PortalPerson(
                partner_id=HOTEL,
                name=f"p{number}",
                person_id=f"ptp_{number}",
                role=AUDITOR,
                state=PortalState.ACTIVE,
                created_at=stage.clock.now(),
                added_by="li",
            )
            assert uow.portal.add(made)  # type: ignore[attr-defined]  # a unit of work

    stage.write(fill)
    with pytest.raises(PortalFull):
        stage.act(add_person, adding(), by=by)
    stage.act(disable_person, HOTEL, "p1", by=by)
    stage.act(add_person, adding(), by=by)


def test_nobody_changes_themselves_and_an_administrator_is_left(stage: Stage) -> None:
    li, wang = person(stage), person(stage, "wang")
    acts: list[Callable[[], object]] = [
        lambda: stage.act(give_role, HOTEL, "li", AUDITOR, by=li),
        lambda: stage.act(disable_person, HOTEL, "li", by=li),
        lambda: stage.act(invite_person, HOTEL, "li", word=WORD, by=li),
    ]
    for act in acts:
        with pytest.raises(NotOneself):
            act()
    stage.act(give_role, HOTEL, "wang", DEVELOPER, by=li)
    with pytest.raises(PortalRoleMissing):
        stage.act(disable_person, HOTEL, "li", by=wang)
    # An operator takes the last one away: whoever leaves in anger is stopped, and another is invited.
    stage.act(disable_person, HOTEL, "li", by=operator(stage))
    assert not stored(stage).is_active


def test_whoever_is_disabled_is_signed_out_at_once_and_is_invited_no_more(stage: Stage) -> None:
    by = person(stage)
    person(stage, "wang")
    sign_in(stage, "wang")
    stage.act(disable_person, HOTEL, "wang", by=by)
    assert stage.read(lambda now: now.portal.sessions(HOTEL, "wang")) == []
    acts: list[Callable[[], object]] = [
        lambda: stage.act(invite_person, HOTEL, "wang", word=WORD, by=by),
        lambda: stage.act(disable_person, HOTEL, "wang", by=by),
    ]
    for act in acts:
        with pytest.raises(StateConflict):
            act()


def test_sessions_are_ended_by_who_may_and_counted(stage: Stage) -> None:
    by = person(stage)
    person(stage, "wang")
    sign_in(stage, "wang")
    # That of before, too.
    assert stage.act(end_sessions_of, HOTEL, "wang", by=by) == 2
    assert stage.act(end_sessions_of, HOTEL, "wang", by=operator(stage)) == 0


def test_who_is_not_there_is_unknown(stage: Stage) -> None:
    by = person(stage)
    person(stage, "zhao", partner_id=LIBRARY)
    for name in ("nobody", "zhao"):
        for act in (
            lambda name=name: stage.act(invite_person, HOTEL, name, word=WORD, by=by),
            lambda name=name: stage.act(give_role, HOTEL, name, AUDITOR, by=by),
            lambda name=name: stage.act(disable_person, HOTEL, name, by=by),
            lambda name=name: stage.act(end_sessions_of, HOTEL, name, by=by),
        ):
            with pytest.raises(PersonUnknown):
                act()
    with pytest.raises(NotFound):
        stage.act(add_person, adding(partner_id="nobody"), by=operator(stage))


def test_people_of_a_partner_that_is_not_approved_wait_and_of_a_closed_one_only_go(stage: Stage) -> None:
    by, keeper = person(stage), operator(stage)
    person(stage, "wang")
    put(stage, PartnerState.APPLIED)
    with pytest.raises(PartnerStateConflict):
        stage.act(add_person, adding("zhao"), by=keeper)
    put(stage, PartnerState.CLOSED)
    with pytest.raises(PortalNotOpen):
        stage.act(add_person, adding("zhao"), by=by)
    # Somebody has to be able to read; and whoever left is stopped.
    stage.act(add_person, adding("zhao", AUDITOR), by=keeper)
    stage.act(disable_person, HOTEL, "wang", by=by)


def test_a_refusal_leaves_nothing(stage: Stage) -> None:
    by = person(stage, "li", AUDITOR)
    before = stage.rows()
    with pytest.raises(EztongError):
        stage.act(add_person, adding(), by=by)
    assert stage.rows() == before
