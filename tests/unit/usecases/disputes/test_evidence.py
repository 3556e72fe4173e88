"""Evidence of a record for one side: what is in it, what is missing and why, and the help that a holder asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.disputes.dispute import LegalBasisMissing
from eztong.domain.disputes.evidence_bundle import Contents
from eztong.domain.errors import DeviceNotBound, NotFound, SessionMissing
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.operator import (
    AboutOneself,
    OperatorNeeded,
    OperatorRefused,
    OperatorRole,
    RoleMissing,
    SameOperator,
)
from eztong.ports.act import HOLDER
from eztong.usecases.access.sign_in import sign_out
from eztong.usecases.disputes.give_evidence import (
    HolderAsks,
    KeepBundle,
    give_to_holder,
    keep_for_holder,
)
from eztong.usecases.grants.withdraw_grant import withdraw_grant
from tests.unit.usecases.codes.asking import (
    answered,
    asking,
    attempts,
    grant,
    refused,
    show,
)
from tests.unit.usecases.disputes.acts import (
    LEGAL,
    by_hand,
    erase,
    for_authority,
    for_holder,
    for_partner,
    freeze,
    kept,
    newest,
    replay,
    use,
    verified,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.requests.acts import answer, approving, ask
from tests.unit.usecases.stage import LI, WANG, Stage

# --- the holder's side --------------------------------------------------------------------------------------------


def test_a_holder_gets_what_was_asked_shown_granted_and_answered_with_the_receipts_of_that_moment(stage: Stage) -> None:
    given_grant = grant(stage, Claim.MASKED_NAME)
    record_id = use(stage, Claim.MASKED_NAME, Claim.AGE_OVER_18)
    bundle = verified(stage, for_holder(stage, record_id))
    assert sorted(bundle.proofs) == ["acceptance-authorisation", "acceptance-service", "result"]
    assert bundle.proofs["result"].document["withheld"] == {"age_over_18": "not_granted"}
    record = bundle.record
    assert (record["kind"], record["outcome"], record["reason"]) == ("use", "passed", None)
    assert record["told"] == ["is_person", "masked_name"]
    assert [(one["id"], one["claims"]) for one in record["grants"]] == [(given_grant.grant_id, ["masked_name"])]
    assert (record["code"]["shown_as"], record["code"]["used_by"]) == ("screen", record_id)
    assert bundle.manifest.document["missing"] == {}
    assert [one.kind for one in stage.events()] == ["bundle_made"]


def test_a_refused_try_has_evidence_too_and_does_not_name_the_partner_that_used_the_code(stage: Stage) -> None:
    record_id = replay(stage)
    given = for_holder(stage, record_id)
    bundle = verified(stage, given)
    assert bundle.proofs["refused-try"].document["reason"] == "code_already_used"
    assert "result" not in bundle.proofs
    assert (bundle.record["kind"], bundle.record["outcome"]) == ("refused_try", "refused_try")
    assert bundle.record["code"]["used_by"] == "another_partner"
    assert b"hotel" not in given.file


def test_a_second_desk_of_the_same_partner_is_told_from_another_partner(stage: Stage) -> None:
    shown = show(stage)
    first = answered(stage, asking(stage, shown.number)).verification.verification_id
    refused(stage, asking(stage, shown.number, desk="front-2"))
    bundle = verified(stage, for_holder(stage, attempts(stage)[0].attempt_id))
    assert bundle.record["code"]["used_by"] == first
    assert bundle.proofs["refused-try"].document["desk"] == "front-2"


def test_an_answered_request_says_what_it_asked(stage: Stage) -> None:
    record_id = answer(stage, approving(ask(stage))).verification.verification_id
    record = verified(stage, for_holder(stage, record_id)).record
    assert record["request"]["asked"]
    assert record["code"] is None


def test_only_what_stood_at_that_moment_is_in_it(stage: Stage) -> None:
    early = grant(stage, Claim.MASKED_NAME, number=1, days=1)
    stage.clock.pass_by(hours=25)
    stage.unlock()
    live = grant(stage, Claim.AGE_OVER_18, number=2)
    ended = grant(stage, Claim.AGE_OVER_16, number=3)
    stage.clock.pass_by(seconds=1)
    stage.act(withdraw_grant, LI.session, ended.grant_id)
    stage.clock.pass_by(seconds=1)
    record_id = use(stage)
    stage.clock.pass_by(seconds=1)
    grant(stage, Claim.AGE_OVER_14, number=4)
    found = [one["id"] for one in verified(stage, for_holder(stage, record_id)).record["grants"]]
    assert found == [live.grant_id]
    assert early.grant_id not in found


def test_asked_again_the_same_bytes_come_about_and_the_last_download_is_on_record(stage: Stage) -> None:
    record_id = use(stage)
    first = for_holder(stage, record_id, takes=False)
    assert newest(stage, first).downloaded_at is None
    now = stage.clock.pass_by(hours=1)
    again = for_holder(stage, record_id)
    assert (again.file, kept(stage)) == (first.file, 1)
    assert newest(stage, first).downloaded_at == now
    assert again.file_name == f"eztong-evidence-{record_id}.json"
    assert len(stage.events()) == 1


def test_a_change_makes_another_one_and_the_first_still_holds(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    record_id = use(stage)
    first = for_holder(stage, record_id)
    stage.clock.pass_by(seconds=1)
    stage.act(
        withdraw_grant, LI.session, stage.read(lambda stored: stored.grants.of_holder(stage.holder_id()))[0].grant_id
    )
    assert for_holder(stage, record_id).file == first.file, "what stood then is what stood then"
    by_hand(stage, "UPDATE partners SET name = '另一个名字'")
    second = for_holder(stage, record_id)
    assert second.bundle.bundle_id != first.bundle.bundle_id
    assert verified(stage, first).manifest.document["id"] == first.bundle.bundle_id


def test_a_holder_gets_no_other_accounts_record_and_nothing_without_the_own_device(stage: Stage) -> None:
    record_id = use(stage)
    with pytest.raises(NotFound):
        give_to_holder(HolderAsks(session_hash=WANG.session, record_id=record_id, takes=True), services=stage.services)
    device = replace(stage.session(), device_id=None)
    stage.write(lambda uow: uow.sessions.update(device))
    with pytest.raises(DeviceNotBound):
        for_holder(stage, record_id)
    assert kept(stage) == 0


def test_whoever_signed_out_meanwhile_leaves_no_bundle(stage: Stage) -> None:
    given = for_holder(stage, use(stage))
    contents_of = KeepBundle(
        key=given.bundle.key,
        holder_id=stage.holder_id(),
        contents=Contents(parts={}, missing={}),
        environment="sandbox",
    )
    with pytest.raises(NotFound):
        stage.services.perform(HOLDER, keep_for_holder, contents_of, WANG.session)
    stage.act(sign_out, LI.session)
    with pytest.raises(SessionMissing):
        stage.services.perform(HOLDER, keep_for_holder, contents_of, LI.session)
    assert kept(stage) == 1


# --- the partner's side -------------------------------------------------------------------------------------------


def test_a_partner_gets_what_it_was_told_and_nothing_else(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    record_id = use(stage, Claim.MASKED_NAME)
    given = for_partner(stage, record_id)
    bundle = verified(stage, given)
    assert list(bundle.proofs) == ["result"]
    assert sorted(bundle.record) == [
        "api_key",
        "at",
        "desk",
        "format",
        "id",
        "kind",
        "method",
        "outcome",
        "partner",
        "request",
        "scene",
        "side",
        "told",
    ]
    assert "holder" not in bundle.manifest.document
    for secret in (stage.holder_id(), "grt_", "acc_", "cod_", LI.name, LI.number):
        assert secret not in given.file.decode()
    (event,) = stage.events()
    assert (event.kind, event.actor) == ("bundle_made", "partner")
    assert f"record={record_id} partner=hotel" in event.detail
    assert for_partner(stage, record_id).file == given.file


def test_a_refusal_stays_coarse_for_the_partner_and_exact_for_the_holder(stage: Stage) -> None:
    shown = show(stage)
    freeze(stage)
    record_id = answered(stage, asking(stage, shown.number)).verification.verification_id
    given = for_partner(stage, record_id)
    assert b"frozen" not in given.file
    assert verified(stage, for_authority(stage, record_id)).record["reason"] == "holder_frozen"


def test_a_partner_gets_no_other_partners_verification(stage: Stage) -> None:
    with pytest.raises(NotFound):
        for_partner(stage, use(stage), "library")
    assert kept(stage) == 0


def test_what_was_erased_is_named_and_the_rest_is_given(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    with_name, without = use(stage, Claim.MASKED_NAME), use(stage)
    before = for_partner(stage, with_name)
    erase(stage)
    after = for_partner(stage, with_name)
    bundle = verified(stage, after)
    assert bundle.manifest.document["missing"] == {"result": "erased"}
    assert (list(bundle.proofs), bundle.record["told"]) == ([], ["is_person", "masked_name"])
    assert after.bundle.bundle_id != before.bundle.bundle_id
    assert list(verified(stage, for_partner(stage, without)).proofs) == ["result"]
    assert len(stage.events()) == 1, "an erased account has no history to write into"


def test_what_is_no_longer_kept_and_what_was_never_attested_is_named(stage: Stage) -> None:
    record_id = replay(stage)
    by_hand(stage, "UPDATE code_attempts SET document = NULL")
    by_hand(stage, "DELETE FROM batches WHERE batch_id IN (SELECT batch_id FROM acceptances WHERE kind = 'service')")
    by_hand(stage, "DELETE FROM acceptances WHERE kind = 'authorisation'")
    by_hand(stage, "DELETE FROM codes")
    bundle = verified(stage, for_holder(stage, record_id))
    assert bundle.manifest.document["missing"] == {
        "acceptance-authorisation": "not_kept",
        "acceptance-service": "not_kept",
        "refused-try": "not_attested",
    }
    assert list(bundle.record["code"]) == ["id"]


def test_a_request_that_is_no_longer_kept_is_named_by_its_id(stage: Stage) -> None:
    record_id = answer(stage, approving(ask(stage))).verification.verification_id
    by_hand(stage, "DELETE FROM requests")
    assert list(verified(stage, for_partner(stage, record_id)).record["request"]) == ["id"]


# --- an authority -------------------------------------------------------------------------------------------------


def test_an_authority_gets_the_holders_side_on_a_basis_that_is_kept_sealed(stage: Stage) -> None:
    record_id = use(stage)
    given = for_authority(stage, record_id, partner_id=PartnerId("hotel"))
    bundle = verified(stage, given)
    assert (bundle.manifest.document["for"], bundle.record["side"]) == ("authority", "authority")
    assert "acceptance-service" in bundle.proofs
    sealed = newest(stage, given).sealed_basis
    assert sealed is not None
    assert LEGAL.document_number.encode() not in sealed + given.file
    opened = stage.keys.open(sealed, place=("bundles", given.bundle.bundle_id, "sealed_basis"))
    assert parse_document(opened) == {"document_number": "京公调证 12", "legal_basis": "刑事诉讼法 54"}
    assert newest(stage, given).asked_by == "li.na wang.wu"
    assert stage.events() == []
    again = for_authority(stage, record_id)
    assert again.bundle.bundle_id != given.bundle.bundle_id, "each request is one of its own"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"approved_by": "li.na"}, SameOperator),
        ({"document_number": " "}, LegalBasisMissing),
        ({"legal_basis": ""}, LegalBasisMissing),
        ({"legal_basis": "x" * 201}, LegalBasisMissing),
        ({"operator": "nobody"}, OperatorRefused),
        ({"approved_by": "nobody"}, OperatorRefused),
        ({"approved_by": ""}, OperatorNeeded),
        ({"approved_by": "reader"}, RoleMissing),
        ({"approved_by": "own"}, AboutOneself),
        ({"operator": "own"}, AboutOneself),
    ],
)
def test_without_basis_or_second_operator_nothing_leaves(
    stage: Stage, changed: dict[str, str], error: type[Exception]
) -> None:
    record_id = use(stage)
    operator(stage, "reader", OperatorRole.AUDIT)
    operator(stage, "own", person=stage.holder().number_index)
    with pytest.raises(error):
        for_authority(stage, record_id, replace(LEGAL, **changed))
    assert kept(stage) == 0


def test_an_authority_gets_nothing_of_a_record_that_is_not_there(stage: Stage) -> None:
    record_id = use(stage)
    for of in ({"partner_id": PartnerId("library")}, {"holder_id": stage.holder_id(WANG)}, {"holder_id": None}):
        with pytest.raises(NotFound):
            for_authority(stage, record_id, **of)


def test_a_request_hides_what_it_is_founded_on() -> None:
    assert LEGAL.document_number not in repr(LEGAL)
