"""Versions of a text: ``proposed -> published | refused``. The last that was published is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.message_texts.wording import Wording


class TextState(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    """The second operator said no, or the first took it back."""


class TextUnknown(NotFound):
    """No message has a text of this name."""

    code = "text_unknown"
    advice = "There is no such text; `eztong texts list` shows them."


class TextVersionUnknown(NotFound):
    """No version of this id."""

    code = "text_version_unknown"
    advice = "There is no such version; `eztong texts show TEXT` shows those of a text."


class TextUnchanged(StateConflict):
    """It is what messages say already."""

    code = "text_unchanged"
    advice = "Messages say this already: change something, or leave it."


class TextSettled(StateConflict):
    """It was published or refused before."""

    code = "text_settled"
    advice = "This version was decided before; propose it anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """A version as it was proposed, and what became of it. ``text_id`` says which text it is of."""

    version_id: str
    text_id: str
    wording: Wording
    state: TextState = TextState.PROPOSED
    made_by: str
    made_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublishedTexts:
    """Every wording that was ever published, by its text, the newest first: what was told reads as it was told."""

    by_text: Mapping[str, Sequence[tuple[datetime, Wording]]] = field(default_factory=dict)

    def wording(self, text_id: str, *, at: datetime | None = None) -> Wording:
        """Return what stood in the place of the program's text at a moment, or stands there now."""
        for since, wording in self.by_text.get(text_id, ()):
            if at is None or since <= at:
                return wording
        return Wording()


def published_texts(versions: Iterable[TextVersion]) -> PublishedTexts:
    """Put versions together; those that were not published say nothing."""
    found: dict[str, list[tuple[datetime, Wording]]] = {}
    published = [(one.published_at, one.version_id, one) for one in versions if one.published_at is not None]
    for since, _id, one in sorted(published, key=lambda row: row[:2], reverse=True):
        found.setdefault(one.text_id, []).append((since, one.wording))
    return PublishedTexts(found)
