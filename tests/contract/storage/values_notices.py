"""One value of each kind of notice: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.notices import Notice, Topic
from tests.contract.storage.stage import at, holder_id, make


def notice(number: int = 1, *, full: bool = False, of_holder: int = 1) -> Notice:
    bare = Notice(
        holder_id=holder_id(of_holder),
        notice_id=make("msg", number),
        topic=Topic.ACCOUNT_FROZEN.value,
        sealed=b"\x00params",
        at=at(number),
    )
    return replace(bare, read_at=at(number + 900)) if full else bare
