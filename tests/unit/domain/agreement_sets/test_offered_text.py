"""Texts that are offered for the next set: which of them change a document, as which version, and which are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eztong.domain.agreement_sets.agreement_set import ChangeClassMissing
from eztong.domain.agreement_sets.offered_text import NextText, Offered, TextsInvalid, next_texts
from eztong.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    ChangeClass,
    DocumentKind,
    RuleKind,
    hash_text,
)

SERVICE = AgreementKind.SERVICE
TEXT = "This is {version}.\n\n## 1. One\n\nWords\n"


def offered(
    kind: DocumentKind = SERVICE, *, version: str = "1.2", asks: str = "A", text: str = TEXT, title: str = "T"
) -> list[Offered]:
    return [
        Offered(kind=kind, language=language, version=version, change_class=ChangeClass(asks), title=title, text=text)
        for language in ("zh-CN", "en")
    ]


def standing(kind: DocumentKind = SERVICE, *, version: str = "1.2", text: str = TEXT) -> list[Agreement]:
    words = text.replace("{version}", version)
    return [
        Agreement(
            kind=kind,
            version=version,
            language=language,
            title="T",
            text=words,
            text_hash=hash_text(words),
            change_class=ChangeClass.A,
            state=AgreementState.IN_FORCE,
            in_force_from=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for language in ("zh-CN", "en")
    ]


def planned(
    texts: list[Offered], known: tuple[str, ...] = ("1.2",), classes: Mapping[DocumentKind, ChangeClass] | None = None
) -> list[NextText]:
    kind = texts[0].kind
    return next_texts(
        texts, standing=standing(kind, version=known[-1]) if known else [], known={kind: known}, classes=classes or {}
    )


def test_a_text_that_reads_as_it_stands_changes_nothing_whatever_version_its_file_names() -> None:
    assert planned(offered()) == []
    assert planned(offered(version="0.9")) == []
    assert planned(offered(version="1.3")) == []


def test_a_newer_file_brings_its_version_and_what_it_asks() -> None:
    (found,) = planned(offered(version="1.10", text=TEXT + "More\n", asks="B"), known=("1.9",))
    assert (found.kind, found.version, found.change_class) == (SERVICE, "1.10", ChangeClass.B)
    assert found.texts[0].text_as(found.version).startswith("This is 1.10.")
    (found,) = planned(offered(version="2.0", text=TEXT + "More\n"), classes={SERVICE: ChangeClass.C})
    assert found.change_class is ChangeClass.C


@pytest.mark.parametrize(
    ("known", "raised"), [(("1.2",), "1.3"), (("1.9",), "1.10"), (("1.2C",), "1.3C"), (("2.0", "1.2"), "2.1")]
)
def test_other_words_under_a_known_version_get_the_next_number(known: tuple[str, ...], raised: str) -> None:
    texts = offered(text=TEXT + "More\n", version="1.2")
    (found,) = planned(texts, known, {SERVICE: ChangeClass.B})
    assert (found.version, found.change_class) == (raised, ChangeClass.B)
    with pytest.raises(ChangeClassMissing, match="service"):
        planned(texts, known)


def test_a_document_that_was_never_there_comes_as_it_is() -> None:
    (found,) = planned(offered(RuleKind.PRIVACY, version="1.0", asks="C"), known=())
    assert (found.version, found.change_class) == ("1.0", ChangeClass.C)


def test_another_title_alone_is_a_change() -> None:
    (found,) = planned(offered(title="New"), classes={SERVICE: ChangeClass.C})
    assert found.version == "1.3"


def test_notices_stand_beside_each_other_and_are_never_rewritten() -> None:
    first, second = offered(RuleKind.NOTICE, version="2026-1"), offered(RuleKind.NOTICE, version="2026-2", asks="A")
    (found,) = next_texts(
        [*first, *second],
        standing=standing(RuleKind.NOTICE, version="2026-1"),
        known={RuleKind.NOTICE: ["2026-1"]},
        classes={},
    )
    assert (found.version, found.change_class) == ("2026-2", ChangeClass.C)
    with pytest.raises(TextsInvalid, match="another number"):
        planned(offered(RuleKind.NOTICE, version="2026-1", text="Other\n"), known=("2026-1",))


@pytest.mark.parametrize(
    "wrong",
    [
        offered()[:1],
        [*offered()[:1], *offered()[:1]],
        [offered()[0], replace(offered()[1], version="1.4")],
        [offered()[0], replace(offered()[1], change_class=ChangeClass.C)],
        offered(version="1/2"),
        offered(version=""),
        offered(title=" "),
        offered(text="\n"),
        offered(text="a" * 200_001),
        offered(text=TEXT + "{operator_name}"),
        offered(title="{operator_name}"),
        offered(text=TEXT + "\n## 1. Again\n"),
        [offered()[0], replace(offered()[1], text=TEXT + "\n## 2. Two\n")],
    ],
)
def test_what_cannot_be_a_text_is_refused(wrong: list[Offered]) -> None:
    with pytest.raises(TextsInvalid):
        planned(wrong)


def test_a_version_without_a_number_gets_one() -> None:
    (found,) = planned(offered(version="a", text=TEXT + "More\n"), ("b",), {SERVICE: ChangeClass.C})
    assert found.version == "b.1"
