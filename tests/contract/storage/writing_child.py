"""A process that writes as fast as it can and says what was acknowledged, until it is killed.

Run as ``python -m tests.contract.storage.writing_child <opener> <database> <keyring folder>``. Each line it prints is
the name of a setting and the batch that attested it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from itertools import count
from pathlib import Path

from eztong.adapters.keys.keyring import FileKeyring
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.stage import OPENERS, World

THREADS = 4
LONGEST = 30  # seconds, if nobody kills it


def main(opener: str, database: str, ring: str) -> None:
    """Write until killed."""
    folder = Path(ring)
    world = World(FileKeyring(folder / "keyring.json", folder / "root.key"), OPENERS[opener], Path(database))
    gate = threading.Lock()

    def write_for_ever(thread: int) -> None:
        for number in count():
            name = f"{thread}-{number}"

            def job(uow: UnitOfWork, name: str = name) -> str:
                uow.settings.set(name, "there")
                return uow.attest(name.encode()).batch_id

            acknowledged = world.store.write(job).value
            with gate:
                sys.stdout.write(f"{name} {acknowledged}\n")
                sys.stdout.flush()

    for thread in range(THREADS):
        threading.Thread(target=write_for_ever, args=(thread,), daemon=True).start()
    # The main thread must live on: when it ends, no executor takes work any more.
    time.sleep(LONGEST)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
