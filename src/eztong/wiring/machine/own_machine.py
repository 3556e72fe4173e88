"""The machine that this process runs on: sizes of its stores, and drills in a process of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading

from typing_extensions import override

from eztong.domain.drills.drill import BackupFolderMissing, DrillUnderWay
from eztong.ports.drills.machinery import Machinery, StoreFacts
from eztong.wiring.machine.environment import environment_with
from eztong.wiring.machine.stores import database_sizes, schema_version
from eztong.wiring.settings import Settings


class OwnMachine(Machinery):
    """This machine. Safe to use from any thread; a drill goes on if this process ends."""

    def __init__(self, settings: Settings) -> None:
        """Begin with no drill."""
        self._settings = settings
        self._gate = threading.Lock()
        self._drill: subprocess.Popen[bytes] | None = None

    @override
    def stores(self) -> StoreFacts:
        database_bytes, log_bytes = database_sizes(self._settings)
        return StoreFacts(
            database_bytes=database_bytes,
            log_bytes=log_bytes,
            free_bytes=shutil.disk_usage(self._settings.data_dir).free,
            schema=schema_version(self._settings.stored_at).found or "",
        )

    @property
    @override
    def has_backup_folder(self) -> bool:
        return self._settings.backups is not None

    @property
    @override
    def is_drilling(self) -> bool:
        return self._drill is not None and self._drill.poll() is None

    @property
    @override
    def has_failed(self) -> bool:
        # 1 says that something was wrong with the backup, which is kept and told as such.
        return self._drill is not None and self._drill.poll() not in {None, 0, 1}

    @override
    def start_drill(self) -> None:
        if self._settings.backups is None:
            raise BackupFolderMissing
        with self._gate:
            if self.is_drilling:
                raise DrillUnderWay
            # Our own program with our own settings; nothing that anybody typed is part of it.
            self._drill = subprocess.Popen(
                [sys.executable, "-m", "eztong", "drill"],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        own = {
            "mode": settings.mode.value,
            "data_dir": str(settings.data_dir.absolute()),
            "root_key_file": str(settings.root_key.absolute()),
        }
        return environment_with(own | {"backup_folder": str((settings.backups or settings.data_dir).absolute())})
