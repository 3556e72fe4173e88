"""The partner desk: staff sign in, scan or type a code, and see the answer from a metre away."""

from eztong.desk.door import routes
from eztong.desk.visit import STATIC

__all__ = ["STATIC", "routes"]
