"""A folder that one writes in at a time: the next waits for its turn, but not for ever."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic, sleep

import pytest

from eztong.adapters.keys.private_files import FolderLocked, locked_folder


def test_who_does_not_get_its_turn_in_time_is_told(tmp_path: Path) -> None:
    with locked_folder(tmp_path):
        began = monotonic()
        with pytest.raises(FolderLocked), locked_folder(tmp_path, seconds=0.1):
            pytest.fail("two at a time")
        assert 0.1 <= monotonic() - began < 5
    with locked_folder(tmp_path, seconds=0):
        pass


def test_the_next_comes_as_soon_as_the_one_before_is_done(tmp_path: Path) -> None:
    order = list[str]()

    def second() -> None:
        with locked_folder(tmp_path):
            order.append("second")

    waiting = threading.Thread(target=second)
    with locked_folder(tmp_path):
        waiting.start()
        sleep(0.1)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]
