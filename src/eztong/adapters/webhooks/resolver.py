"""Names into addresses: behind a small protocol, so that tests can play a name server that changes its mind."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Protocol

from typing_extensions import override


class Resolver(Protocol):
    """Looks names up."""

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return every address of the name, as a text each.

        Raises:
            OSError: it has none, or nobody knows.
        """
        ...


class SystemResolver(Resolver):
    """What the operating system says."""

    @override
    def addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            # A label of the name is empty or too long.
            raise OSError("the name cannot be looked up") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
