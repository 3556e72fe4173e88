"""What a command may read of a database that no service has open."""

from __future__ import annotations

from eztong.adapters.storage.sqlite.schema import reading
from eztong.adapters.storage.sqlite.stored import stored_setting

__all__ = ["reading", "stored_setting"]
