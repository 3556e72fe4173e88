"""Agreements: the exact text, the version in force, and an evidence document without a person in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from eztong.domain.agreements import (
    Acceptance,
    Agreement,
    AgreementKind,
    AgreementState,
    ChangeClass,
    Edition,
    HowAccepted,
    ShownMark,
    ShownRule,
    Signed,
    acceptance_document,
    check_consent,
    check_same_text,
    commitment,
    hash_text,
    versions_that_count,
)
from eztong.domain.errors import AgreementChanged, AgreementNotAccepted
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.gm.sm3 import sm3
from tests.simulators.batches import NOW

TEXT = "第一条。\n"
IN_FORCE = AgreementState.IN_FORCE
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


def edition(version: str, change_class: ChangeClass, state: AgreementState = AgreementState.SUPERSEDED) -> Edition:
    """Return a version of the service agreement; each comes into force a day after the one before."""
    return Edition(
        kind=AgreementKind.SERVICE,
        version=version,
        change_class=change_class,
        state=state,
        in_force_from=NOW + timedelta(days=int(version.partition(".")[0])),
    )


def history(classes: str) -> list[Edition]:
    """Return versions 1.0, 2.0 ... of these classes of both documents, the last in force."""
    mine = [
        edition(f"{number}.0", ChangeClass(letter), IN_FORCE if number == len(classes) else AgreementState.SUPERSEDED)
        for number, letter in enumerate(classes, 1)
    ]
    return [replace(each, kind=kind) for kind in AgreementKind for each in mine]


def signed(*versions: str, kind: AgreementKind = AgreementKind.SERVICE, is_withdrawn: bool = False) -> list[Signed]:
    """Return acceptances of these versions, oldest first."""
    return [
        Signed(acceptance_id=AcceptanceId(f"{kind}_{v}"), kind=kind, version=v, is_withdrawn=is_withdrawn)
        for v in versions
    ]


def is_consent(accepted: list[Signed], editions: list[Edition]) -> bool:
    """Ask the question with the newest acceptance first."""
    try:
        check_consent(accepted[::-1], counting=versions_that_count(editions))
    except AgreementNotAccepted:
        return False
    return True


def both(*versions: str) -> list[Signed]:
    return [one for kind in AgreementKind for one in signed(*versions, kind=kind)]


@pytest.mark.parametrize(
    ("classes", "carries_from"),
    [
        ("A", 1),
        ("AC", 1),
        ("ACC", 1),
        ("AB", 2),
        ("AA", 2),
        ("AAC", 2),
        ("ABC", 2),
        ("ABCC", 2),
        ("AACB", 4),
        ("ACA", 3),
        ("ACBC", 3),
        ("C", 1),
        ("CC", 1),
    ],
)
def test_the_newest_version_that_asked_for_an_act_decides_and_a_notice_wipes_nothing_out(
    classes: str, carries_from: int
) -> None:
    for number in range(1, len(classes) + 1):
        assert is_consent(both(f"{number}.0"), history(classes)) is (number >= carries_from), number


def test_every_document_must_be_accepted() -> None:
    for kind in AgreementKind:
        assert not is_consent(signed("1.0", kind=kind), history("A"))
    assert check_consent(both("1.0")[::-1], counting=versions_that_count(history("A"))) == "authorisation_1.0"


def test_a_withdrawal_is_not_undone_by_what_was_signed_before_but_by_signing_again() -> None:
    withdrawn = [*both("1.0"), *signed("2.0", kind=AgreementKind.AUTHORISATION, is_withdrawn=True), *signed("2.0")]
    assert not is_consent(withdrawn, history("AC"))
    assert is_consent([*withdrawn, *signed("2.0", kind=AgreementKind.AUTHORISATION)], history("AC"))


def test_drafts_and_scheduled_versions_ask_for_nothing_and_count_for_nothing() -> None:
    for state in (AgreementState.DRAFT, AgreementState.SCHEDULED):
        coming = [replace(edition("2.0", ChangeClass.A, state), kind=kind) for kind in AgreementKind]
        assert is_consent(both("1.0"), history("A") + coming)
        assert not is_consent(both("2.0"), history("A") + coming)


def test_with_nothing_in_force_there_is_no_consent() -> None:
    gone = [replace(each, state=AgreementState.SUPERSEDED) for each in history("A")]
    assert not is_consent(both("1.0"), gone)
    assert not is_consent(both("1.0"), [])


def test_versions_of_one_moment_go_by_their_numbers_and_languages_make_no_second_version() -> None:
    same = [replace(each, in_force_from=NOW) for each in history("AAAAAAAAAA")]
    assert versions_that_count(same * 2)[AgreementKind.SERVICE] == {"10.0"}


@given(st.text("ABC", min_size=1, max_size=8), st.integers(1, 8), st.permutations(range(16)))
def test_a_later_notice_changes_nothing_and_a_later_demand_takes_everything(
    classes: str, number: int, order: list[int]
) -> None:
    accepted = both(f"{min(number, len(classes))}.0")
    before = is_consent(accepted, history(classes))
    assert is_consent(accepted, history(classes + "C")) is before
    for demand in "AB":
        assert not is_consent(accepted, history(classes + demand))
        assert not is_consent(accepted, history(classes + demand + "C"))
    editions = history(classes)
    shuffled = [editions[place] for place in order if place < len(editions)]
    assert versions_that_count(shuffled) == versions_that_count(editions)


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


def test_the_evidence_says_how_a_text_was_accepted_and_hides_browser_and_network() -> None:
    how = HowAccepted(
        by="holder",
        ticks=(AgreementKind.SERVICE, AgreementKind.AUTHORISATION),
        context="192.0.2.1",
        set_number=3,
        read_to_end=True,
        rules=(ShownRule(document="privacy", version="1.0", text_hash="ab"),),
        marks=(ShownMark(clause="2.9", effect="void", since="2026-01-01T00:00:00.000Z"),),
    )
    document = acceptance_document(ACCEPTANCE, how)
    said = {name: document[name] for name in document.keys() - acceptance_document(ACCEPTANCE).keys()}
    context = said.pop("context")
    assert said == {
        "by": "holder",
        "shown": "page",
        "ticks": ["authorisation", "service"],
        "dwell_ms": 30_000,
        "read_to_end": True,
        "rules": [{"document": "privacy", "version": "1.0", "text_hash": "ab"}],
        "severed": [{"clause": "2.9", "effect": "void", "since": "2026-01-01T00:00:00.000Z"}],
        "set": 3,
    }
    assert context == sm3(b"eztong/context-commitment/v1\x00" + ACCEPTANCE.salt + b"192.0.2.1").hex()
    assert "192.0.2.1" not in str(document)
    assert "set" not in acceptance_document(ACCEPTANCE, structs.replace(how, set_number=None))


def test_in_its_grace_a_version_asks_for_nothing_yet_and_after_it_for_everything() -> None:
    newer = replace(edition("2.0", ChangeClass.B, IN_FORCE), is_in_grace=True)
    superseded = [replace(one, state=AgreementState.SUPERSEDED) for one in history("A")]
    both_known = [*superseded, *(replace(newer, kind=kind) for kind in AgreementKind)]
    kind = AgreementKind.SERVICE
    assert "1.0" in versions_that_count(both_known)[kind]
    assert versions_that_count(both_known, after_grace=True)[kind] == {"2.0"}


def test_a_commitment_hides_and_binds() -> None:
    mine = commitment(salt=b"s" * 16, holder_id=HolderId("hld_1"))
    assert mine == commitment(salt=b"s" * 16, holder_id=HolderId("hld_1"))
    assert mine != commitment(salt=b"t" * 16, holder_id=HolderId("hld_1"))
    assert mine != commitment(salt=b"s" * 16, holder_id=HolderId("hld_2"))
