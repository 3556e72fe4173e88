"""Codes laid out before a run, in bulk through the store: issuing them is not what is measured there."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bench import subject
from bench.failing import CannotMeasure
from eztong.domain.codes.presentation_code import Channel
from eztong.domain.identifiers import HolderId
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.sandbox.play_persona import show_code
from eztong.wiring.build import build
from eztong.wiring.settings import read_settings

LayOut = Callable[[int], list[str]]
_AT_ONCE: Final = 500


@contextmanager
def laying_out(data_dir: Path) -> Iterator[LayOut]:
    """Open the store beside the server; yield what issues codes to so many holders, drawn at random, each time anew.

    A holder has one code at a time, so a run has at most as many codes as there are holders. They live for 60 seconds.
    """
    built, draw = build(read_settings(data_dir=data_dir)), drawing(data_dir)

    def lay_out(count: int) -> list[str]:
        chosen = draw(count)
        shown = (_show(chosen[first : first + _AT_ONCE], built.services) for first in range(0, count, _AT_ONCE))
        return [code for codes in shown for code in codes]

    try:
        yield lay_out
    finally:
        built.close()


def drawing(data_dir: Path) -> Callable[[int], list[HolderId]]:
    """Return what draws so many of all holders at random, none twice in one draw."""
    everybody = [HolderId(holder) for holder in subject.holder_ids(data_dir, limit=10**9)]
    chance = random.Random(1)

    def draw(count: int) -> list[HolderId]:
        if count > len(everybody):
            raise CannotMeasure(f"{count:,} codes need as many holders; there are {len(everybody):,}")
        return chance.sample(everybody, count)

    return draw


def _show(holders: Sequence[HolderId], services: Services) -> list[str]:
    def show(act: Act) -> list[str]:
        shown = (show_code(act, holder, Channel.SCREEN) for holder in holders)
        return [code.qr for code in shown if code.qr is not None]

    return services.perform(SYSTEM, show)


def stored(data_dir: Path) -> tuple[int, int]:
    """Return how many verifications passed and how many batches were signed, as the database has it."""
    with closing(sqlite3.connect(f"file:{data_dir / 'eztong.db'}?mode=ro", uri=True)) as connection:
        passed = connection.execute("SELECT count(*) FROM verifications WHERE outcome = 'passed'").fetchone()
        return passed[0], connection.execute("SELECT count(*) FROM batches").fetchone()[0]
