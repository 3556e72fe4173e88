"""An organisation applies without an account: its receipt opens what it handed in, and nobody learns anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.errors import TooMany
from eztong.domain.feedback.ticket import FormSent
from eztong.domain.operators.seen import ChangedSinceSeen
from eztong.domain.partners.application import (
    ApplicantState,
    PartnerApplication,
    PartnerApplicationEnded,
    ReceiptUnknown,
)
from eztong.domain.partners.partner import PartnerState
from eztong.ports.act import PARTNER, Act
from eztong.usecases.partners.apply_in_public import (
    OF_EVERYBODY,
    OF_NETWORK,
    AnswerInPublic,
    ApplyInPublic,
    answer_in_public,
    apply_in_public,
    find_by_receipt,
    parse_receipt,
    partner_of_receipt,
    withdraw_in_public,
)
from eztong.usecases.partners.review_partner import ReviewPartner, approve_partner, ask_partner, refuse_partner
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.partners.acts import handed_in, reviewed
from tests.unit.usecases.stage import Stage

RECEIPT = "9W0JH6PR8RYT56YS"


def command(stage: Stage, *, receipt: str = RECEIPT, network: str = "192.0.2.1", **changed: object) -> ApplyInPublic:
    partner = partner_of_receipt(receipt, keys=stage.services.keys)
    return ApplyInPublic(handed_in=handed_in(partner=partner, **changed), receipt=receipt, network=network)


def applied(stage: Stage, *, receipt: str = RECEIPT, network: str = "192.0.2.1", **changed: str) -> PartnerApplication:
    return stage.act(apply_in_public, command(stage, receipt=receipt, network=network, **changed), by=PARTNER)


def answered(stage: Stage, **changed: object) -> PartnerApplication:
    now = command(stage, receipt=RECEIPT, network="192.0.2.1", **changed).handed_in
    return stage.act(answer_in_public, AnswerInPublic(handed_in=now, receipt=RECEIPT, answer=" 一年 "), by=PARTNER)


def found(stage: Stage, receipt: str = RECEIPT) -> PartnerApplication:
    return stage.read(lambda store: find_by_receipt(receipt, stored=store, keys=stage.services.keys))


def numbered(number: int) -> str:
    return f"{number:016d}"


def test_nobody_is_a_partner_by_applying_and_the_approval_makes_one(stage: Stage) -> None:
    application = applied(stage)
    partner_id = application.partner_id
    assert stage.read(lambda store: store.partners.get(partner_id)) is None
    assert (found(stage), application.receipt_hash == RECEIPT.encode()) == (application, False)
    by = operator(stage)
    stage.act(approve_partner, reviewed(application), recheck_months=12, by=by)
    partner = stage.read(lambda store: store.partners.get(partner_id))
    assert partner is not None
    assert (partner.state, partner.sector_id, partner.name) == (PartnerState.APPROVED, "sector-bank", "示例银行")
    assert stage.read(lambda store: store.partners.scene(partner_id, "open_account")) is not None


def test_the_same_form_is_one_application_and_another_one_is_refused(stage: Stage) -> None:
    assert applied(stage) == applied(stage)
    for changed in ({"name": "别的"}, {"credit_code": "911101080000000007"}):
        with pytest.raises(FormSent):
            applied(stage, **changed)
    assert len(stage.read(lambda store: store.partner_applications.list(limit=9)).those) == 1


def test_a_company_that_is_a_partner_hears_what_everybody_hears(stage: Stage) -> None:
    first = applied(stage)
    stage.act(approve_partner, reviewed(first), recheck_months=12, by=operator(stage))
    again = applied(stage, receipt=numbered(1))
    assert (again.state, again.credit_code) == (ApplicantState.APPLIED, first.credit_code)
    same = stage.read(lambda store: store.partner_applications.of_credit_code(first.credit_code, limit=9))
    assert [one.application_id for one in same] == [again.application_id, first.application_id]


def test_what_was_asked_is_answered_by_the_receipt_alone(stage: Stage) -> None:
    application = applied(stage)
    with pytest.raises(PartnerApplicationEnded):
        answered(stage)
    stage.act(ask_partner, reviewed(application), by=operator(stage))
    done = answered(stage, name="示例银行股份")
    assert (done.state, done.wanted.name) == (ApplicantState.APPLIED, "示例银行股份")
    steps = stage.read(lambda store: store.partner_applications.steps(application.application_id))
    assert [(one.kind.value, one.reason) for one in steps][-1] == ("supplemented", "一年")
    assert [one.operator is None for one in steps] == [True, False, True]


def test_what_is_withdrawn_or_refused_has_ended(stage: Stage) -> None:
    application = applied(stage)
    assert stage.act(withdraw_in_public, RECEIPT, by=PARTNER).state is ApplicantState.WITHDRAWN
    other = applied(stage, receipt=numbered(1))
    stage.act(refuse_partner, reviewed(other), by=operator(stage))
    for receipt in (RECEIPT, numbered(1)):
        with pytest.raises(PartnerApplicationEnded):
            stage.act(withdraw_in_public, receipt, by=PARTNER)
    assert found(stage).ended_at == application.applied_at


def test_only_the_receipt_opens_it_however_it_is_written(stage: Stage) -> None:
    applied(stage)
    assert parse_receipt(" 9woj h6pr 8ryt 56ys") == RECEIPT
    for wrong in ("", "9W0J", "9W0JH6PR8RYT56Y!"):
        with pytest.raises(ReceiptUnknown):
            parse_receipt(wrong)
    with pytest.raises(ReceiptUnknown):
        found(stage, numbered(0))


def test_a_network_has_few_a_day_and_everybody_together_so_many(stage: Stage) -> None:
    for number in range(OF_NETWORK.amount):
        applied(stage, receipt=numbered(number))
    with pytest.raises(TooMany):
        applied(stage, receipt=numbered(99))
    for number in range(OF_NETWORK.amount, OF_EVERYBODY.amount):
        stage.act(apply_in_public, command(stage, receipt=numbered(number), network=f"192.0.2.{number}"), by=PARTNER)
    with pytest.raises(TooMany):
        stage.act(apply_in_public, command(stage, receipt=numbered(100), network="198.51.100.1"), by=PARTNER)
    # The form that was sent is there still, and costs nothing more.
    applied(stage, receipt=numbered(0))


@pytest.mark.parametrize("decide", [refuse_partner, ask_partner, partial(approve_partner, recheck_months=12)])
def test_what_was_answered_since_it_was_looked_at_is_looked_at_first(
    stage: Stage, decide: Callable[[Act, ReviewPartner], PartnerApplication]
) -> None:
    """A reviewer has the page of what was asked before, and the organisation puts something else in its place."""
    application, by = applied(stage), operator(stage)
    stage.act(ask_partner, reviewed(application), by=by)
    word = replace(reviewed(application), seen_at=stage.clock.now())
    stage.clock.pass_by(seconds=1)
    answered(stage, redirects=["https://elsewhere.example/back"])
    with pytest.raises(ChangedSinceSeen):
        stage.act(decide, word, by=by)
    assert found(stage).state is ApplicantState.APPLIED
    again = stage.act(decide, replace(word, seen_at=stage.clock.now()), by=by)
    assert again.state is not ApplicantState.APPLIED
