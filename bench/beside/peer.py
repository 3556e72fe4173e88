"""The peer: oidc-provider on the server's core, asked about a live opaque token (RFC 7662)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import subject
from bench.beside import wrk
from bench.cores import cores, on_core
from bench.failing import CannotMeasure

FOLDER: Final = Path(__file__).parents[1] / "peer"
_PINNED: Final = "oidc-provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A running peer."""

    port: int
    pid: int
    token: str
    authorization: str

    def ask(self, *, connections: int, seconds: int) -> wrk.Run:
        """Have wrk ask about the token for so long."""
        arguments = (self.token, self.authorization)
        return wrk.run(wrk.INTROSPECT, self.port, *arguments, connections=connections, seconds=seconds)


def name_peer() -> str:
    """Return what the peer is, with versions.

    Raises:
        CannotMeasure: it or Node.js is not installed.
    """
    node = shutil.which("node")
    installed = FOLDER / "node_modules" / _PINNED / "package.json"
    if node is None or not installed.exists():
        raise CannotMeasure("the peer is not installed: make bench ARGS=--peers installs it, or npm ci in bench/peer")
    version = subprocess.run([node, "--version"], capture_output=True, check=True, text=True)  # noqa: S603 - no input
    return f"{_PINNED} {json.loads(installed.read_text('utf-8'))['version']} on Node.js {version.stdout.strip()}"


@contextmanager
def peer_serving() -> Iterator[Peer]:
    """Run the peer on the server's core.

    Raises:
        CannotMeasure: it does not start.
    """
    port = subject.free_port()
    with on_core(cores()[0]):
        process = subprocess.Popen(  # noqa: S603 - our own script
            ["node", "server.js", str(port)],  # noqa: S607 - found on PATH, as a newcomer's would be
            cwd=FOLDER,
            env=os.environ | {"NODE_ENV": "production"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if not told:
            process.kill()
            raise CannotMeasure(f"the peer did not start: {process.communicate()[1].strip()}")
        access = json.loads(told)
        yield Peer(port=port, pid=process.pid, token=access["token"], authorization=access["authorization"])
    finally:
        process.terminate()
        process.communicate(timeout=30)
