"""Memory for bodies that nobody has proven yet: everybody has a little, all together have no more than the room."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from eztong.domain.errors import TooMany
from eztong.tencentcloud.transport.room import FREE, Room


def test_small_bodies_need_no_room() -> None:
    room = Room(most=0)
    with room.share() as share:
        share.grow(FREE)
        with pytest.raises(TooMany):
            share.grow(1)


def test_all_together_have_no_more_than_the_room_and_give_it_back() -> None:
    room = Room(most=3 * FREE)
    for _ in range(3):
        with ExitStack() as stack:
            shares = [stack.enter_context(room.share()) for _ in range(3)]
            for share in shares:
                for _ in range(4):
                    share.grow(FREE // 2)
            with pytest.raises(TooMany):
                shares[0].grow(1)
            # A small one still passes beside them.
            stack.enter_context(room.share()).grow(FREE)
