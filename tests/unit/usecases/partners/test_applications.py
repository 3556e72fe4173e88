"""An organisation applies, is asked, refused or approved; what it asked for holds from the approval on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.holder import Assurance
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.operators.proposal import ReasonInvalid
from eztong.domain.partners.application import (
    ApplicantState,
    ChecklistOpen,
    PartnerApplication,
    PartnerApplicationEnded,
    ReviewItem,
)
from eztong.domain.partners.freshness import default_freshness
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import PartnerStage, PartnerState
from eztong.ports.act import HOLDER, OPERATOR, PARTNER, Act
from eztong.usecases.partners.apply_as_partner import (
    apply_as_partner,
    find_partner_application,
    open_partner_contact,
    supplement_application,
    withdraw_partner_application,
)
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.review_partner import ReviewPartner, approve_partner, ask_partner, refuse_partner
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.partners.acts import EVERYTHING, applied, approved, handed_in, reviewed
from tests.unit.usecases.stage import Stage

BANK = handed_in().partner_id


def kinds(stage: Stage) -> list[str]:
    return [kind for (kind,) in stage.select("SELECT kind FROM acts ORDER BY act_id")]


def stored(stage: Stage, application: PartnerApplication) -> PartnerApplication:
    return stage.act(find_partner_application, application.application_id)


def test_whoever_applies_is_a_partner_that_gets_no_answers_and_its_contact_is_sealed(stage: Stage) -> None:
    application = applied(stage, PARTNER)
    partner = stage.act(find_partner, BANK)
    assert (partner.state, partner.stage, partner.sector_id) == (
        PartnerState.APPLIED,
        PartnerStage.SANDBOX,
        "sector-bank",
    )
    assert stage.read(lambda store: store.partners.scenes(BANK)).is_empty
    assert (application.state, stored(stage, application)) == (ApplicantState.APPLIED, application)
    content = (stage.folder / "eztong.db").read_bytes()
    assert ("王芳".encode() in content, b"wang.fang" in content) == (False, False)
    contact = stage.act(open_partner_contact, application.application_id, by=operator(stage))
    assert contact == handed_in().contact
    assert kinds(stage)[-1] == "partner_applied"


def test_who_may_not_keep_partners_hands_in_nothing_and_sees_no_contact(stage: Stage) -> None:
    with pytest.raises(OperatorNeeded):
        applied(stage, HOLDER)
    application = applied(stage, OPERATOR)
    reader = operator(stage, "audit", OperatorRole.AUDIT, OperatorRole.CASES, OperatorRole.LEGAL)
    with pytest.raises(OperatorNeeded):
        applied(stage, OPERATOR, partner="other")
    for use_case in (open_partner_contact, withdraw_partner_application):
        more = {"reason": "why"} if use_case is withdraw_partner_application else {}
        with pytest.raises(RoleMissing):
            stage.act(use_case, application.application_id, by=reader, **more)
    with pytest.raises(RoleMissing):
        stage.act(approve_partner, reviewed(application), recheck_months=12, by=reader)


def test_one_waits_at_a_time_and_a_closed_partner_does_not_come_back(stage: Stage) -> None:
    by = operator(stage)
    applied(stage, by)
    with pytest.raises(StateConflict):
        applied(stage, by)
    stage.write(lambda uow: uow.partners.set_state(BANK, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        applied(stage, by)
    with pytest.raises(NotFound):
        stage.act(find_partner_application, "pap_none")


def test_an_approval_takes_the_whole_checklist_and_gives_what_was_asked_for(stage: Stage) -> None:
    by = operator(stage, "li.na", OperatorRole.PARTNERS)
    application = applied(stage, by)
    for item in ReviewItem:
        with pytest.raises(ChecklistOpen, match=item.value):
            stage.act(approve_partner, reviewed(application, items=EVERYTHING - {item}), recheck_months=12, by=by)
    command = ReviewPartner(application_id=application.application_id, items=EVERYTHING, reason=" ")
    with pytest.raises(ReasonInvalid):
        stage.act(approve_partner, command, recheck_months=12, by=by)
    assert stage.act(find_partner, BANK).state is PartnerState.APPLIED
    done = stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)
    assert (done.state, done.ended_at) == (ApplicantState.APPROVED, stage.clock.now())
    partner = stage.act(find_partner, BANK)
    assert (partner.state, partner.stage) == (PartnerState.APPROVED, PartnerStage.SANDBOX)
    assert (partner.networks, partner.redirects) == (("192.0.2.0/24",), ("https://bank.example/back",))
    scene = stage.read(lambda store: store.partners.scene(BANK, "open_account"))
    assert scene is not None
    assert (scene.application_id, scene.floor, scene.purpose) == (
        application.application_id,
        Assurance.HIGH,
        "开立账户前核对本人",
    )
    assert scene.freshness == default_freshness(Assurance.HIGH, months=12)
    steps = stage.read(lambda store: store.partner_applications.steps(application.application_id))
    assert [(step.kind.value, step.operator) for step in steps] == [("applied", "li.na"), ("approved", "li.na")]
    assert (steps[-1].items, steps[-1].reason) == (EVERYTHING, "looked up")
    with pytest.raises(PartnerApplicationEnded):
        stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)


def test_what_is_asked_is_answered_by_the_whole_application(stage: Stage) -> None:
    by = operator(stage)
    application = applied(stage, by)
    with pytest.raises(PartnerApplicationEnded):
        stage.act(supplement_application, application.application_id, handed_in(), by=PARTNER)
    asked = stage.act(ask_partner, reviewed(application, items=frozenset({ReviewItem.CLAIMS})), by=by)
    assert asked.state is ApplicantState.SUPPLEMENT_NEEDED
    with pytest.raises(PartnerApplicationEnded):
        stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)
    with pytest.raises(StateConflict):
        stage.act(supplement_application, application.application_id, handed_in(partner="other"), by=PARTNER)
    answer = handed_in(name="示例银行股份有限公司")
    after = stage.act(supplement_application, application.application_id, answer, by=PARTNER)
    assert (after.state, after.wanted.name) == (ApplicantState.APPLIED, "示例银行股份有限公司")
    stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)
    assert stage.act(find_partner, BANK).name == "示例银行股份有限公司"
    assert kinds(stage)[-3:] == ["partner_asked", "partner_supplemented", "partner_approved"]


def test_whoever_was_refused_or_withdrew_applies_again(stage: Stage) -> None:
    by = operator(stage)
    refused = stage.act(refuse_partner, reviewed(applied(stage, by)), by=by)
    assert (refused.state, refused.ended_at) == (ApplicantState.REFUSED, stage.clock.now())
    stage.clock.pass_by(hours=1)
    gone = stage.act(withdraw_partner_application, applied(stage, by).application_id, reason="letter", by=by)
    assert gone.state is ApplicantState.WITHDRAWN
    stage.clock.pass_by(hours=1)
    last = approved(stage, by)
    found = stage.read(lambda store: store.partner_applications.of_partner(BANK))
    assert [one.application_id for one in found] == [
        last.application_id,
        gone.application_id,
        refused.application_id,
    ]
    assert stage.act(find_partner, BANK).state is PartnerState.APPROVED


def test_a_partner_asks_for_more_and_keeps_its_sector_its_limits_and_its_stage(stage: Stage) -> None:
    by = operator(stage)
    first = approved(stage, by)
    stage.clock.pass_by(hours=1)
    second = approved(stage, by, sector="shops", networks=[], redirects=["https://bank.example/other"])
    partner = stage.act(find_partner, BANK)
    assert (partner.sector_id, partner.networks) == ("sector-bank", ("192.0.2.0/24",))
    assert partner.redirects == ("https://bank.example/other",)
    scene = stage.read(lambda store: store.partners.scene(BANK, "open_account"))
    assert scene is not None
    assert first.application_id != scene.application_id == second.application_id


@pytest.mark.parametrize("decide", [refuse_partner, ask_partner])
def test_whoever_decides_at_the_same_moment_is_told(
    stage: Stage, decide: Callable[[Act, ReviewPartner], PartnerApplication]
) -> None:
    by = operator(stage)
    application = applied(stage, by)
    stage.act(withdraw_partner_application, application.application_id, reason="letter", by=by)
    with pytest.raises(PartnerApplicationEnded):
        stage.act(decide, reviewed(application), by=by)


def test_a_partner_that_was_closed_meanwhile_is_not_let_in(stage: Stage) -> None:
    by = operator(stage)
    application = applied(stage, by)
    stage.write(lambda uow: uow.partners.set_state(BANK, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)
    assert stored(stage, application) == application


def test_an_organisation_that_hands_in_itself_is_named_by_no_operator(stage: Stage) -> None:
    application = stage.act(apply_as_partner, handed_in(), by=PARTNER)
    [step] = stage.read(lambda store: store.partner_applications.steps(application.application_id))
    assert step.operator is None
