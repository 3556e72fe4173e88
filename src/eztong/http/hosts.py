"""Which host names are this service's: a request that names another one is not answered.

Names of others reach a service through a wrong entry in a proxy or in the DNS, or because a page somewhere pointed its
own name at this machine (DNS rebinding) so that the browser takes both for one site. Nothing here is built from the
``Host`` field, and still the answer to a foreign one is none.

Probes name a machine by its address: what they ask for (:data:`OPERATIONS`) is answered whatever the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_MOST_REMEMBERED: Final = 256
_PLAIN: Final = re.compile(r"[a-z0-9_.:-]{1,253}")
# A name or an address, and perhaps a port (RFC 9110 section 7.2): no user, no path: proxies read them otherwise.
_HOST_FIELD: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
_LOCAL: Final = ".localhost"


class Hosts:
    """The names of one deployment. Ports do not count: a proxy may have another one than the service."""

    def __init__(self, addresses: Iterable[str], *, is_sandbox: bool) -> None:
        """Know the hosts of ``addresses`` (with or without scheme).

        In the sandbox ``localhost``, every numeric address and every name without a dot (a container's, a machine's in
        the office) count, too: nobody can point one of those at this machine from outside.
        """
        texts = (text if "//" in text else f"//{text}" for text in addresses)
        self._names = frozenset((urlsplit(text).hostname or "").rstrip(".") for text in texts) - {""}
        self._is_sandbox = is_sandbox
        self._known = lru_cache(_MOST_REMEMBERED)(self._is_known)

    def is_ours(self, scope: Scope) -> bool:
        """Say whether a request names this service, or asks for what a probe asks."""
        named = [value for name, value in scope["headers"] if name == b"host"]
        return self.knows(named[0] if len(named) == 1 else b"") or scope["path"] in OPERATIONS

    def knows(self, host: bytes) -> bool:
        """Say whether the value of a ``Host`` field is one of ours."""
        return self._known(host)

    def _is_known(self, host: bytes) -> bool:
        text = host.decode("latin-1")
        if not _HOST_FIELD.fullmatch(text):
            return False
        try:
            name = (urlsplit(f"//{text}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        if not self._is_sandbox or not _PLAIN.fullmatch(name):
            return False
        return "." not in name or name.endswith(_LOCAL) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
