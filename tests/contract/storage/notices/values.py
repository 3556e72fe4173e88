"""One value of each kind of notice: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.notices import FreezeLink, HolderEmail, Notice, Topic
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


def email(number: int = 1, *, full: bool = False) -> HolderEmail:
    bare = HolderEmail(holder_id=holder_id(number), sealed=b"\x00address", asked_at=at(number))
    if not full:
        return bare
    return replace(bare, link_hash=bytes([number]) * 32, link_until=at(number + 3600))


def freeze_link(number: int = 1, *, full: bool = False, of_holder: int = 1) -> FreezeLink:
    bare = FreezeLink(
        link_hash=bytes([number]) * 32, holder_id=holder_id(of_holder), made_at=at(number), until=at(number + 900)
    )
    return replace(bare, used_at=at(number + 1)) if full else bare
