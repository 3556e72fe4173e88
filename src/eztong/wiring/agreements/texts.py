"""The texts that come with this version, and an operator's own: read from files, with the operator's values filled in.

A file is named ``service.zh-CN.md``, a notice ``notice.2026-1.zh-CN.md``. It begins with its title, its version and
what a change of it asks of holders; then come a line of three dashes and the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from eztong.domain.agreement_sets.offered_text import LANGUAGES, MAX_TEXT, Offered, TextsInvalid
from eztong.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    ChangeClass,
    DocumentKind,
    RuleKind,
    document_kind,
    hash_text,
)

SINGLE: Final[tuple[DocumentKind, ...]] = (
    *AgreementKind,
    *(kind for kind in RuleKind if kind is not RuleKind.NOTICE),
)
"""Documents of which there is one at a time; this version brings all of them."""

_HEAD_ENDS: Final = "\n---\n"
_MOST_BYTES: Final = 4 * MAX_TEXT


def packaged_texts(values: Mapping[str, str]) -> list[Offered]:
    """Return the texts of this version."""
    folder = files("eztong.wiring").joinpath("documents")
    return [
        _parse(kind, language, folder.joinpath(f"{kind.value}.{language}.md").read_text("utf-8"), values)
        for kind in SINGLE
        for language in LANGUAGES
    ]


def texts_of_folder(folder: Path, values: Mapping[str, str]) -> list[Offered]:
    """Return the texts that an operator keeps in a folder; documents that it does not have are not among them.

    Raises:
        TextsInvalid: a file is named otherwise, too long, or has no proper head.
        OSError: the folder cannot be read.
    """
    found = []
    for path in sorted(folder.glob("*.md")):
        parts = path.stem.split(".")
        try:
            kind = document_kind(parts[0])
        except ValueError as error:
            raise TextsInvalid(f"{path.name} names no document; see --texts in the help.") from error
        number = ".".join(parts[1:-1])
        if parts[-1] not in LANGUAGES or bool(number) != (kind is RuleKind.NOTICE):
            raise TextsInvalid(f"{path.name} must be named like service.zh-CN.md or notice.2026-1.en.md.")
        if path.stat().st_size > _MOST_BYTES:
            raise TextsInvalid(f"{path.name} is too long.")
        found.append(_parse(kind, parts[-1], path.read_text("utf-8"), values, number=number))
    return found


def text_in_force(one: Offered, *, now: datetime) -> Agreement:
    """Return a text as a new installation puts it in force."""
    text = one.text_as(one.version)
    return Agreement(
        kind=one.kind,
        version=one.version,
        language=one.language,
        title=one.title,
        text=text,
        text_hash=hash_text(text),
        change_class=one.change_class,
        state=AgreementState.IN_FORCE,
        in_force_from=now,
    )


def _parse(kind: DocumentKind, language: str, source: str, values: Mapping[str, str], *, number: str = "") -> Offered:
    head, mark, body = source.partition(_HEAD_ENDS)
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    title, text = fields.get("title", ""), body.strip() + "\n"
    for name, value in values.items():
        title, text = title.replace(f"{{{name}}}", value), text.replace(f"{{{name}}}", value)
    asked = fields.get("change_class", ChangeClass.C.value if kind is RuleKind.NOTICE else "")
    if not mark or asked not in set(ChangeClass):
        raise TextsInvalid(f"The head of {kind.value} in {language} must have title, version and change_class.")
    return Offered(
        kind=kind,
        language=language,
        version=number or fields.get("version", ""),
        change_class=ChangeClass(asked),
        title=title,
        text=text,
    )
