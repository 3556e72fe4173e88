"""A machine for pages that only have to be there: stores of fixed sizes, and drills that are counted."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from eztong.domain.drills.drill import DrillUnderWay
from eztong.ports.drills.machinery import Machinery, StoreFacts


@dataclass
class QuietMachine(Machinery):
    """Begins a drill, which goes on until it is ended here."""

    has_backup_folder: bool = True
    is_drilling: bool = False
    has_failed: bool = False

    @override
    def stores(self) -> StoreFacts:
        return StoreFacts(database_bytes=3 << 20, log_bytes=1 << 20, free_bytes=9 << 30, schema="0049")

    @override
    def start_drill(self) -> None:
        if self.is_drilling:
            raise DrillUnderWay
        self.is_drilling = True
