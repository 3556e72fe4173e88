"""The citizen door: registration, code page, requests to approve, freeze, agreements. Server-rendered, no scripts."""

from eztong.citizen.door import routes

__all__ = ["routes"]
