"""The operator console: staff of the service sign in, see what waits, decide, and account for it."""

from eztong.console.door import routes

__all__ = ["routes"]
