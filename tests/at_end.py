"""What one process of the tests makes once for all of them goes when it ends."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from typing import Final

AT_END: Final = ExitStack()
"""Closed by pytest, as its parallel processes leave without what atexit holds, and by atexit elsewhere."""
atexit.register(AT_END.close)
