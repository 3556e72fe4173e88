"""What people of a partner do for it: keys, desks, webhooks, evidence; for no other one, and as its state allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import PartnerId, VerificationId
from eztong.domain.identity.age import service_date
from eztong.domain.partners.api_key import PREFIX_LENGTH
from eztong.domain.partners.expiry import KeyFormUsed
from eztong.domain.partners.partner import PartnerState, Scope
from eztong.domain.portal.permission import MAY, OPEN, PortalNotOpen, PortalPermission, PortalRoleMissing
from eztong.domain.portal.person import PortalRefused, PortalRole
from eztong.domain.portal.usage import DayInvalid, UsedOnDay, day_begins, parse_day
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointHeld
from eztong.domain.webhooks.event import CHOOSABLE, choose_types
from eztong.ports.act import PARTNER, SYSTEM, Acting
from eztong.ports.storage.codes.verifications import AskedVerifications
from eztong.usecases.desks.end_desk import end_desk
from eztong.usecases.desks.manage_staff import create_staff, disable_staff, reset_password
from eztong.usecases.disputes.give_evidence import give_to_person
from eztong.usecases.draw_password import password_of_form
from eztong.usecases.partners.authenticate_partner import (
    SHOWN_AGAIN_FOR,
    IssueApiKey,
    authenticate_partner,
    issue_api_key,
    note_key_used,
    revoke_api_key,
)
from eztong.usecases.partners.register_desk import register_desk
from eztong.usecases.portal.check_person import Doing, as_person
from eztong.usecases.portal.read_usage import LOOKED_BACK, page_of_verifications, usage_of
from eztong.usecases.webhooks.manage_endpoints import (
    AddEndpoint,
    add_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
)
from tests.unit.usecases.disputes.acts import for_partner, use
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import (
    AUDITOR,
    DEVELOPER,
    HOTEL,
    LIBRARY,
    audit,
    person,
    put,
    signed_in,
    stored,
)
from tests.unit.usecases.stage import LI, Stage

_P = PortalPermission


def making(label: str = "server", *, once: str = "", partner_id: PartnerId = HOTEL) -> IssueApiKey:
    scopes = frozenset({Scope.VERIFY})
    return IssueApiKey(
        partner_id=partner_id, label=label, scopes=scopes, live=False, life=timedelta(days=30), once=once
    )


def live_keys(stage: Stage, partner_id: str = "hotel") -> list[str]:
    found = stage.read(lambda now: now.partners.keys(HOTEL if partner_id == "hotel" else LIBRARY))
    return [one.label for one in found if one.is_live(stage.clock.now())]


def adding() -> AddEndpoint:
    return AddEndpoint(
        partner_id=HOTEL, url="https://hotel.example/hooks", event_types=choose_types(CHOOSABLE), allow_http=False
    )


def acts_of(stage: Stage, by: Acting) -> dict[PortalPermission, Callable[[], object]]:
    """Return an act of each permission that a use case asks for, upon things that are there."""
    webhook = Doing(_P.WEBHOOKS_MANAGE, HOTEL, "")
    return {
        _P.KEYS_MAKE: lambda: stage.act(issue_api_key, making("new"), by=by),
        _P.KEYS_REVOKE: lambda: stage.act(revoke_api_key, HOTEL, KEY[0], by=by),
        _P.WEBHOOKS_MANAGE: lambda: stage.act(as_person, webhook, add_endpoint, adding(), by=by),
        _P.DESKS_KEEP: lambda: stage.act(register_desk, HOTEL, "garden", "Garden", by=by),
        _P.DESKS_END: lambda: stage.act(end_desk, HOTEL, "front-2", typed="front-2", by=by),
        _P.STAFF_END: lambda: stage.act(disable_staff, HOTEL, login="night", by=by),
        _P.EVIDENCE_TAKE: lambda: give_to_person(HOTEL, VerificationId("ver_none"), by=by, services=stage.services),
    }


KEY: list[str] = []


@pytest.mark.parametrize("state", PartnerState)
@pytest.mark.parametrize("role", PortalRole)
def test_every_role_and_state_against_every_act(stage: Stage, role: PortalRole, state: PartnerState) -> None:
    made, _text = stage.act(issue_api_key, making("old"), by=SYSTEM)
    KEY[:] = [made.key_id]
    stage.act(create_staff, HOTEL, login="night", label="", password_hash="x", by=SYSTEM)
    by = person(stage, "li", role)
    put(stage, state)
    for permission, act in acts_of(stage, by).items():
        # Evidence of nothing is looked for first, which tells nobody anything: it is the partner's own ids.
        if permission is _P.EVIDENCE_TAKE:
            with pytest.raises(NotFound):
                act()
        elif role not in MAY[permission]:
            with pytest.raises(PortalRoleMissing):
                act()
        elif permission not in OPEN[state]:
            with pytest.raises(PortalNotOpen):
                act()
        else:
            act()


def test_no_person_does_anything_for_another_partner(stage: Stage) -> None:
    by = person(stage, partner_id=LIBRARY)
    before = stage.rows()
    for permission, act in acts_of(stage, by).items():
        if permission is not _P.EVIDENCE_TAKE:
            with pytest.raises(PortalRefused):
                act()
    for act in (
        lambda: stage.act(create_staff, HOTEL, login="x1", label="", password_hash="x", by=by),
        lambda: stage.act(reset_password, HOTEL, login="night", password_hash="x", by=by),
        lambda: stage.act(issue_api_key, making(partner_id=PartnerId("hotel")), by=by),
    ):
        with pytest.raises(PortalRefused):
            act()
    assert stage.rows() == before


def test_a_key_that_a_form_made_is_the_same_when_the_form_is_sent_again(stage: Stage) -> None:
    li, wang, once = person(stage), person(stage, "wang", DEVELOPER), "o" * 43
    key, text = stage.act(issue_api_key, making(once=once), by=li)
    assert key.prefix == text[:PREFIX_LENGTH]
    assert stage.act(issue_api_key, making(once=once), by=li) == (key, text)
    assert live_keys(stage).count("server") == 1
    # Another person, other words or another form make another key.
    others = [
        stage.act(issue_api_key, making(once=once), by=wang)[1],
        stage.act(issue_api_key, making("till", once=once), by=li)[1],
        stage.act(issue_api_key, making(once="p" * 43), by=li)[1],
        stage.act(issue_api_key, making(), by=li)[1],
        stage.act(issue_api_key, making(), by=li)[1],
    ]
    assert len({text, *others}) == 6
    stage.clock.pass_by(seconds=SHOWN_AGAIN_FOR.total_seconds())
    with pytest.raises(KeyFormUsed):
        stage.act(issue_api_key, making(once=once), by=signed_in(stage, stored(stage)))


def test_a_revoked_key_is_shown_to_nobody_again(stage: Stage) -> None:
    by, once = person(stage), "o" * 43
    key, _text = stage.act(issue_api_key, making(once=once), by=by)
    stage.act(revoke_api_key, HOTEL, key.key_id, by=by)
    with pytest.raises(KeyFormUsed):
        stage.act(issue_api_key, making(once=once), by=by)
    assert [one.what for one in audit(stage)] == ["portal.keys.make", "portal.keys.revoke"]
    assert audit(stage)[1].subject == key.key_id


def test_a_key_of_another_partner_is_not_there_to_revoke(stage: Stage) -> None:
    key, _text = stage.act(issue_api_key, making(partner_id=PartnerId("library")), by=SYSTEM)
    with pytest.raises(NotFound):
        stage.act(revoke_api_key, HOTEL, key.key_id, by=person(stage))
    assert live_keys(stage, "library").count("server") == 1


def test_that_a_key_is_used_is_written_down_once_an_hour(stage: Stage) -> None:
    key, text = stage.act(issue_api_key, making(), by=SYSTEM)
    assert key.used_at is None
    stage.act(note_key_used, key, by=PARTNER)
    first = stage.act(authenticate_partner, text).key.used_at
    assert first == stage.clock.now()
    stage.clock.pass_by(minutes=59)
    stage.act(note_key_used, key, by=PARTNER)
    used = stage.act(authenticate_partner, text).key
    assert (used.used_at, used.is_use_worth_noting(stage.clock.now())) == (first, False)
    stage.clock.pass_by(minutes=1)
    assert used.is_use_worth_noting(stage.clock.now())
    stage.act(note_key_used, key, by=PARTNER)
    assert stage.act(authenticate_partner, text).key.used_at == stage.clock.now()


def test_an_endpoint_that_the_operator_switched_off_stays_off_for_its_partner(stage: Stage) -> None:
    by, doing = person(stage), Doing(_P.WEBHOOKS_MANAGE, HOTEL, "")
    made = stage.act(as_person, doing, add_endpoint, adding(), by=by).endpoint
    stage.act(disable_endpoint, HOTEL, made.endpoint_id, DisabledBecause.PARTNER, by=by)
    stage.act(as_person, doing, enable_endpoint, HOTEL, made.endpoint_id, by=by)
    stage.act(disable_endpoint, HOTEL, made.endpoint_id, DisabledBecause.OPERATOR, by=operator(stage))
    for who in (by, PARTNER):
        for act in (
            lambda who=who: stage.act(enable_endpoint, HOTEL, made.endpoint_id, by=who),
            lambda who=who: stage.act(remove_endpoint, HOTEL, made.endpoint_id, by=who),
            lambda who=who: stage.act(add_endpoint, adding(), by=who),
        ):
            with pytest.raises(EndpointHeld):
                act()
    assert stage.act(enable_endpoint, HOTEL, made.endpoint_id, by=Acting(SYSTEM.actor)).is_active


def test_a_form_draws_the_same_password_for_the_same_words_and_a_bare_one_another_each_time(stage: Stage) -> None:
    def drawn(once: str, *of: str) -> str:
        return password_of_form(once, of=of, keys=stage.keys, entropy=stage.services.entropy)

    first = drawn("o" * 43, "a", "b")
    assert first == drawn("o" * 43, "a", "b")
    assert len({first, drawn("p" * 43, "a", "b"), drawn("o" * 43, "ab"), drawn(""), drawn("")}) == 5
    assert [len(part) for part in first.split("-")] == [4, 4, 4, 4]


@pytest.mark.parametrize("state", [PartnerState.APPROVED, PartnerState.SUSPENDED, PartnerState.CLOSED])
def test_an_auditor_takes_the_partners_side_of_its_own_verification_whatever_became_of_it(
    stage: Stage, state: PartnerState
) -> None:
    record_id, by = use(stage), person(stage, "li", AUDITOR)
    put(stage, state)
    given = give_to_person(HOTEL, VerificationId(record_id), by=by, services=stage.services)
    assert given.bundle.asked_by == "li@hotel"
    # The very side that the partner's server would get, and nothing of the account.
    put(stage, PartnerState.APPROVED)
    assert for_partner(stage, record_id).file == given.file
    assert stage.holder_id(LI).encode() not in given.file
    assert [(one.what, one.subject) for one in audit(stage)] == [("portal.evidence.take", record_id)]


def test_evidence_is_of_the_own_partner_alone_and_not_for_who_may_not(stage: Stage) -> None:
    record_id, developer = use(stage), person(stage, "wang", DEVELOPER)
    other = person(stage, "zhao", partner_id=LIBRARY)
    with pytest.raises(NotFound):
        give_to_person(LIBRARY, VerificationId(record_id), by=other, services=stage.services)
    with pytest.raises(PortalRefused):
        give_to_person(HOTEL, VerificationId(record_id), by=other, services=stage.services)
    with pytest.raises(PortalRoleMissing):
        give_to_person(HOTEL, VerificationId(record_id), by=developer, services=stage.services)
    assert audit(stage) == []
    assert stage.rows()["bundles"] == 0


def test_usage_counts_days_of_china_and_says_which_had_nothing(stage: Stage) -> None:
    use(stage)
    # START is the morning of that day in China.
    days = [usage(stage, HOTEL), usage(stage, LIBRARY)]
    assert [one.total for one in days[0]] == [0] * 6 + [1]
    assert days[0][-1].counts == {Outcome.PASSED: 1}
    assert [one.total for one in days[1]] == [0] * 7
    stage.clock.pass_by(days=1)
    assert [one.total for one in usage(stage, HOTEL)] == [0] * 5 + [1, 0]
    assert day_begins(date(2026, 1, 15)).isoformat() == "2026-01-14T16:00:00+00:00"
    assert parse_day(" 2026-01-15 ") == date(2026, 1, 15)
    for typed in ("15.1.2026", "0001-01-01", "9999-12-31"):
        with pytest.raises(DayInvalid):
            parse_day(typed)


def usage(stage: Stage, partner_id: PartnerId) -> Sequence[UsedOnDay]:
    return stage.read(lambda now: usage_of(partner_id, days=7, stored=now, now=stage.clock.now()))


def found(
    stage: Stage, partner_id: PartnerId = HOTEL, *, day: date | None = None, before: str = "", **asked: str
) -> list[str]:
    page = stage.read(
        lambda now: page_of_verifications(
            partner_id,
            AskedVerifications(**asked),
            day=day,
            before=before,
            limit=5,
            stored=now,
            now=stage.clock.now(),
        )
    )
    return [one.verification_id for one in page.those]


def test_verifications_are_found_by_what_is_asked_newest_first_and_of_the_own_partner_alone(stage: Stage) -> None:
    first = use(stage)
    stage.clock.pass_by(days=1)
    stage.unlock()
    second = use(stage)
    today = service_date(stage.clock.now())
    assert found(stage) == [second, first]
    assert found(stage, before=second) == [first]
    assert found(stage, day=today) == [second]
    assert found(stage, day=today, before=second) == []
    assert found(stage, day=today - timedelta(days=1)) == [first]
    assert found(stage, outcome="passed") == [second, first]
    assert found(stage, outcome="declined") == found(stage, scene="other") == found(stage, desk="other") == []
    assert found(stage, LIBRARY) == []
    stage.clock.pass_by(days=LOOKED_BACK.days)
    assert found(stage, outcome="passed") == [second]
    assert found(stage) == [second, first]
