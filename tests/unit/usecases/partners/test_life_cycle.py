"""A partner goes live by two operators, is suspended at once by one, and is closed with whatever it could do."""

from __future__ import annotations

from functools import partial

import pytest

from eztong.domain.claims import Claim
from eztong.domain.desks.staff import StaffState
from eztong.domain.errors import KeyRevoked, NotFound
from eztong.domain.events import EventKind
from eztong.domain.grants import Grant, GrantState
from eztong.domain.identifiers import GrantId, PartnerId
from eztong.domain.jobs.job import JobKind
from eztong.domain.merchants.merchant import MerchantOptions, MerchantState
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import ProposalKind, ReasonInvalid
from eztong.domain.partners.application import ApplicantState
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import PartnerNotLive, PartnerStage, PartnerState, Scope
from eztong.domain.partners.reach import check_reach
from eztong.domain.requests.request import REQUEST_LIFE
from eztong.ports.act import OPERATOR, SYSTEM
from eztong.usecases.desks.manage_staff import create_staff, reset_password
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.merchants.issue_account_key import issue_account_key
from eztong.usecases.merchants.register_merchant import RegisterMerchant, move_merchant, register_merchant
from eztong.usecases.partners import close_partner
from eztong.usecases.partners.authenticate_partner import IssueApiKey, authenticate_partner, issue_api_key
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.propose_move import AffectedByPartner, PartnerNotReady, count_affected
from eztong.usecases.partners.register_partner import RegisterPartner, register_partner
from eztong.usecases.partners.suspend_partner import suspend_partner
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.partners.acts import approved, decided, handed_in, proposed
from tests.unit.usecases.requests.acts import ask
from tests.unit.usecases.stage import LI, WANG, Person, Stage

BANK, HOTEL = handed_in().partner_id, PartnerId("hotel")
LIVE, RESUMED, CLOSED = ProposalKind.PARTNER_LIVE, ProposalKind.PARTNER_RESUMED, ProposalKind.PARTNER_CLOSED


def allow(stage: Stage, person: Person, partner_id: PartnerId = HOTEL) -> Grant:
    """Let a person allow a partner something."""
    grant = Grant(
        grant_id=GrantId(f"grt_{partner_id}"),
        holder_id=stage.holder_id(person),
        partner_id=partner_id,
        scene="hotel_check_in",
        claims=frozenset({Claim.MASKED_NAME}),
        purpose="p",
        state=GrantState.GRANTED,
        granted_at=START,
        expires_at=START + REQUEST_LIFE * 1000,
    )
    stage.write(lambda uow: uow.grants.add(grant))
    return grant


def tell(stage: Stage) -> QueueRun:
    """Do the work that closing leaves."""
    handler = partial(close_partner.tell_of_closing, services=stage.services)
    return run_due(JobKind.PARTNER, handler, services=stage.services)


def closed(stage: Stage, partner: str = "hotel") -> None:
    """Close a partner by two operators."""
    proposal = proposed(stage, operator(stage, "li.na"), CLOSED, partner=partner)
    decided(stage, proposal, operator(stage, "wang.li"))


# --- live ---------------------------------------------------------------------------------------------------------


def test_a_partner_goes_live_by_two_operators_and_only_then_meets_real_people(stage: Stage) -> None:
    li, wang = operator(stage, "li.na", OperatorRole.PARTNERS), operator(stage, "wang.li", OperatorRole.LEGAL)
    approved(stage, li)
    partner = stage.act(find_partner, BANK)
    check_reach(partner, client="192.0.2.1", is_sandbox=True)
    with pytest.raises(PartnerNotLive):
        check_reach(partner, client="192.0.2.1", is_sandbox=False)
    proposal = proposed(stage, li, LIVE)
    with pytest.raises(SameOperator):
        decided(stage, proposal, li)
    decided(stage, proposal, wang)
    live = stage.act(find_partner, BANK)
    assert (live.state, live.stage) == (PartnerState.APPROVED, PartnerStage.LIVE)
    check_reach(live, client="192.0.2.1", is_sandbox=False)
    with pytest.raises(PartnerStateConflict):
        proposed(stage, li, LIVE)


def test_without_an_assessment_of_each_scene_nobody_goes_live(stage: Stage) -> None:
    by = operator(stage)
    command = RegisterPartner(partner_id=PartnerId("shop"), name="店", name_en="Shop", sector_id="sector-shop")
    stage.act(register_partner, command, by=by)
    with pytest.raises(PartnerNotReady, match="no scene"):
        proposed(stage, by, LIVE, partner="shop")
    with pytest.raises(PartnerNotReady, match="hotel_check_in"):
        proposed(stage, by, LIVE, partner="hotel")
    assert stage.rows()["proposals"] == 0


def test_what_is_rejected_changes_nothing_and_what_changed_meanwhile_is_not_done(stage: Stage) -> None:
    li, wang = operator(stage, "li.na"), operator(stage, "wang.li")
    approved(stage, li)
    decided(stage, proposed(stage, li, LIVE), wang, approve=False)
    assert stage.act(find_partner, BANK).stage is PartnerStage.SANDBOX
    proposal = proposed(stage, li, LIVE)
    stage.act(suspend_partner, BANK, reason="letter", by=li)
    with pytest.raises(PartnerStateConflict):
        decided(stage, proposal, wang)


@pytest.mark.parametrize("role", [OperatorRole.CASES, OperatorRole.AUDIT])
def test_other_roles_keep_no_partners(stage: Stage, role: OperatorRole) -> None:
    by = operator(stage, "other", role)
    with pytest.raises(RoleMissing):
        stage.act(suspend_partner, HOTEL, reason="why", by=by)
    for kind in (LIVE, RESUMED, CLOSED):
        with pytest.raises(RoleMissing):
            proposed(stage, by, kind, partner="hotel")


# --- suspended ----------------------------------------------------------------------------------------------------


def test_one_operator_suspends_at_once_and_two_lift_it(stage: Stage) -> None:
    li, wang = operator(stage, "li.na", OperatorRole.PARTNERS), operator(stage, "wang.li")
    request = ask(stage)
    with pytest.raises(ReasonInvalid):
        stage.act(suspend_partner, HOTEL, reason="", by=li)
    with pytest.raises(OperatorNeeded):
        stage.act(suspend_partner, HOTEL, reason="why", by=OPERATOR)
    stage.act(suspend_partner, HOTEL, reason="key seen in public", by=li)
    with pytest.raises(PartnerStateConflict):
        stage.act(suspend_partner, HOTEL, reason="again", by=li)
    ended = stage.read(lambda stored: stored.requests.get(HOTEL, request.request_id))
    assert ended is not None
    assert ended.expires_at == stage.clock.now()
    decided(stage, proposed(stage, li, RESUMED, partner="hotel"), wang)
    assert stage.partner().state is PartnerState.APPROVED
    with pytest.raises(PartnerStateConflict):
        proposed(stage, li, RESUMED, partner="hotel")


# --- closed -------------------------------------------------------------------------------------------------------


def test_closing_ends_whatever_opens_a_door(stage: Stage) -> None:
    issue = IssueApiKey(partner_id=HOTEL, label="till", scopes=frozenset({Scope.VERIFY}), live=False)
    key, text = stage.act(issue_api_key, issue, by=SYSTEM)
    pair = stage.act(issue_account_key, HOTEL, label="server", by=SYSTEM).key
    options = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=MerchantOptions())
    merchant = stage.act(register_merchant, options, by=SYSTEM)
    stage.act(create_staff, HOTEL, login="shift-1", label="", password_hash="h", by=SYSTEM)
    ask(stage)
    affected = stage.act(count_affected, HOTEL)
    assert affected == AffectedByPartner(holders=0, grants=0, requests=1, keys=2, staff=1)
    closed(stage)
    assert stage.act(count_affected, HOTEL) == AffectedByPartner(holders=0, grants=0, requests=0, keys=0, staff=0)
    with pytest.raises(KeyRevoked):
        stage.act(authenticate_partner, text)
    with stage.store.read() as stored:
        found = stored.merchants.key(pair.secret_id)
        assert found is not None
        assert found.revoked_at == stage.clock.now()
        [staff] = stored.staff.list(HOTEL)
        assert staff.state is StaffState.DISABLED
        assert {one.state for one in stored.merchants.list(HOTEL)} == {MerchantState.SUSPENDED}
        assert [one.key_id for one in stored.partners.keys(HOTEL)] == [key.key_id]
    for act in (
        partial(stage.act, issue_api_key, issue, by=SYSTEM),
        partial(stage.act, issue_account_key, HOTEL, label="x", by=SYSTEM),
        partial(stage.act, move_merchant, merchant.merchant_id, MerchantState.ACTIVE, by=SYSTEM),
        partial(stage.act, register_merchant, options, by=SYSTEM),
        partial(stage.act, create_staff, HOTEL, login="shift-2", label="", password_hash="h", by=SYSTEM),
        partial(stage.act, reset_password, HOTEL, login="shift-1", password_hash="h", by=SYSTEM),
    ):
        with pytest.raises(PartnerStateConflict):
            act()


def test_every_holder_that_it_knew_is_told_once_and_its_grants_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(close_partner, "FOUND_AT_ONCE", 1)
    ended, other = allow(stage, LI), allow(stage, LI, PartnerId("library"))
    allow(stage, WANG)
    assert stage.act(count_affected, HOTEL).holders == 2
    closed(stage)
    while tell(stage).done:
        pass
    for person in (LI, WANG):
        assert [one.kind for one in stage.events(person)].count(EventKind.PARTNER_CLOSED) == 1
    grants = {one.grant_id: one for one in stage.read(lambda s: s.grants.of_holder(stage.holder_id(LI)))}
    assert (grants[ended.grant_id].state, grants[ended.grant_id].expires_at) == (
        GrantState.LAPSED,
        stage.clock.now(),
    )
    assert grants[other.grant_id] == other
    assert stage.topics().count("partner_closed") == 2
    assert stage.rows()["grants"] == 3


def test_a_partner_that_stands_tells_nobody_and_a_job_of_nobody_is_dropped(stage: Stage) -> None:
    allow(stage, LI)
    closed(stage)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.APPROVED))
    assert tell(stage).done == 0
    assert "partner_closed" not in [one.kind for one in stage.events(LI)]


def test_an_application_ends_with_its_partner(stage: Stage) -> None:
    li, wang = operator(stage, "a.li"), operator(stage, "b.wang")
    application = approved(stage, li)
    decided(stage, proposed(stage, li, CLOSED), wang)
    [found] = stage.read(lambda stored: stored.partner_applications.of_partner(BANK))
    assert (found.application_id, found.state) == (application.application_id, ApplicantState.CLOSED)
    with pytest.raises(NotFound):
        stage.act(count_affected, PartnerId("nobody"))
