"""Agreements: the exact text, the version in force, and an evidence document without a person in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.agreement import (
    Acceptance,
    Agreement,
    AgreementKind,
    AgreementState,
    ChangeClass,
    acceptance_document,
    check_accepted,
    check_same_text,
    commitment,
    hash_text,
)
from eztong.domain.errors import AgreementChanged, AgreementNotAccepted
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.gm.sm3 import sm3
from tests.simulators.batches import NOW

TEXT = "第一条。\n"
AGREEMENT = Agreement(
    kind=AgreementKind.SERVICE,
    version="2026-01",
    language="zh-CN",
    title="服务协议",
    text=TEXT,
    text_hash=hash_text(TEXT),
    change_class=ChangeClass.A,
    state=AgreementState.IN_FORCE,
    in_force_from=NOW,
)
ACCEPTANCE = Acceptance(
    acceptance_id=AcceptanceId("acc_1"),
    holder_id=HolderId("hld_1"),
    kind=AgreementKind.SERVICE,
    version="2026-01",
    language="zh-CN",
    title="服务协议",
    text_hash=AGREEMENT.text_hash,
    shown_at=NOW,
    accepted_at=NOW + timedelta(seconds=30),
    act="ticked, then pressed",
    salt=b"s" * 16,
    sealed_context=b"sealed",
)


def test_a_text_is_known_by_the_hash_of_its_exact_bytes() -> None:
    assert hash_text(TEXT) == sm3(TEXT.encode()).hex()
    assert hash_text(TEXT.strip()) != hash_text(TEXT)


def test_the_text_that_was_shown_must_be_the_one_in_force() -> None:
    check_same_text(AGREEMENT, shown_hash=AGREEMENT.text_hash)
    for other in ("", hash_text(TEXT + " "), AGREEMENT.text_hash.upper()):
        with pytest.raises(AgreementChanged):
            check_same_text(AGREEMENT, shown_hash=other)


def test_an_acceptance_of_the_version_in_force_counts() -> None:
    assert check_accepted(ACCEPTANCE, in_force=AGREEMENT) == "acc_1"


@pytest.mark.parametrize(
    ("change_class", "counts"), [(ChangeClass.A, False), (ChangeClass.B, False), (ChangeClass.C, True)]
)
def test_an_older_version_counts_only_if_the_change_needs_no_act(change_class: ChangeClass, *, counts: bool) -> None:
    newer = replace(AGREEMENT, version="2026-02", change_class=change_class)
    if counts:
        assert check_accepted(ACCEPTANCE, in_force=newer) == "acc_1"
        return
    with pytest.raises(AgreementNotAccepted):
        check_accepted(ACCEPTANCE, in_force=newer)


@pytest.mark.parametrize("accepted", [None, replace(ACCEPTANCE, withdrawn_at=NOW)])
@pytest.mark.parametrize("change_class", ChangeClass)
def test_no_acceptance_and_a_withdrawn_one_never_count(accepted: Acceptance | None, change_class: ChangeClass) -> None:
    with pytest.raises(AgreementNotAccepted):
        check_accepted(accepted, in_force=replace(AGREEMENT, change_class=change_class))


def test_the_evidence_names_text_and_times_and_no_person() -> None:
    document = acceptance_document(ACCEPTANCE)
    assert document == {
        "format": "eztong/acceptance/v1",
        "id": "acc_1",
        "agreement": "service",
        "title": "服务协议",
        "version": "2026-01",
        "language": "zh-CN",
        "text_hash": AGREEMENT.text_hash,
        "shown_at": "2026-01-15T01:00:00.000Z",
        "accepted_at": "2026-01-15T01:00:30.000Z",
        "act": "ticked, then pressed",
        "holder": commitment(salt=b"s" * 16, holder_id=HolderId("hld_1")),
    }
    assert "hld_1" not in str(document)


def test_a_commitment_hides_and_binds() -> None:
    mine = commitment(salt=b"s" * 16, holder_id=HolderId("hld_1"))
    assert mine == commitment(salt=b"s" * 16, holder_id=HolderId("hld_1"))
    assert mine != commitment(salt=b"t" * 16, holder_id=HolderId("hld_1"))
    assert mine != commitment(salt=b"s" * 16, holder_id=HolderId("hld_2"))
