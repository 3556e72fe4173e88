"""Values of texts of messages."""

from __future__ import annotations

from eztong.domain.message_texts.version import TextState, TextVersion
from eztong.domain.message_texts.wording import Wording
from tests.contract.storage.stage import at, make


def version(number: int = 1, *, full: bool = False) -> TextVersion:
    """Return a version; a full one is published."""
    return TextVersion(
        version_id=make("txt", number),
        text_id="test",
        wording=Wording(zh=f"测试 {number}", en=f"Test {number}"),
        state=TextState.PUBLISHED if full else TextState.PROPOSED,
        made_by="li",
        made_at=at(number),
        published_at=at(number + 1) if full else None,
    )
