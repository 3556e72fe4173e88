"""The citizen door: registration, code page, requests to approve, freeze, agreements. Server-rendered forms."""

from eztong.citizen.door import routes
from eztong.citizen.visit import STATIC

__all__ = ["STATIC", "routes"]
