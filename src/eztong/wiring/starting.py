"""One start at a time: whoever makes keys, database and first contents keeps others waiting for as long.

The operating system drops the lock when the process ends, however it ends, so nothing is ever left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from eztong.adapters.keys.folder_locks import Place, alone_at
from eztong.adapters.keys.private_files import make_private_folder
from eztong.domain.errors import Unavailable

_NAME: Final = "starting.lock"
START_SECONDS: Final = 60.0
"""How long a start waits for another one on the same data folder, which may be upgrading a large database."""


class StartUnderWay(Unavailable):
    """Another process prepares the data folder and does not come to an end."""

    code = "start_under_way"
    advice = "Another eztong command is preparing this data folder. Wait until it is done, then try again."


@contextmanager
def one_at_a_time(data_dir: Path, *, seconds: float = START_SECONDS) -> Iterator[None]:
    """Keep other starts off the data folder, making the folder if it is not there.

    Raises:
        StartUnderWay: another start took longer than ``seconds``.
        OSError: the folder cannot be made or written.
    """
    make_private_folder(data_dir)
    with alone_at(data_dir / _NAME, Place.STARTING, seconds=seconds) as handle:
        if handle is None:
            raise StartUnderWay
        yield
