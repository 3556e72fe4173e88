"""An authority as live mode needs one: a process of its own, TLS, keys of its own, and «live» in what it signs.

The product has no switch that makes its sandbox authority say so; this one is made of the same protocol parts, for
tests alone. Its people are the sandbox's cast.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.health import CHALLENGE, render_health
from eztong.adapters.authority.protocol import AuthorityKeys, ReplayMemory
from eztong.adapters.authority.registry import SandboxRegistry
from eztong.adapters.authority.wire import open_question, render_answer
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.http.logs import configure_logs
from eztong.ports.services import Mode
from tests.simulators.outside.certificate import write_certificate

ROOT = Path(__file__).parents[3]
MARK_SECRET = bytes(range(32))


@dataclass(frozen=True, slots=True)
class RealAuthority:
    """Where the process listens, and what the operator pins."""

    url: str
    signing_key: str
    encryption_key: str
    ca_file: Path

    def settings(self) -> dict[str, Any]:
        """Return the settings of a service that asks it, as fields of ``Settings``."""
        return {
            "authority_url": self.url,
            "authority_signing_key": self.signing_key,
            "authority_encryption_key": self.encryption_key,
            "authority_ca_file": str(self.ca_file),
        }


@contextmanager
def real_authority(folder: Path, client: str) -> Iterator[RealAuthority]:
    """Run the authority until the block ends; ``client`` is what ``eztong keys client`` prints: ``KEY_ID=SPKI``."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = write_certificate(folder)
    with (folder / "authority.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulators.outside.real_authority", str(certificate), client],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline() or b"{}")
        assert said, (folder / "authority.log").read_text()
        yield RealAuthority(said["url"], said["signing"], said["encryption"], certificate)
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def application(keys: AuthorityKeys, clients: dict[str, PublicKey]) -> Starlette:
    """Return the authority as an application."""
    registry = SandboxRegistry(mark_key=EidMarkKey(MARK_SECRET), mode=Mode.SANDBOX)
    memory = ReplayMemory()

    async def match(request: Request) -> Response:
        question = open_question(await request.body(), clients=clients, keys=keys, memory=memory, now=None)
        today = service_date(question.sent_at)
        delivery = registry.ask(
            name=parse_real_name(question.name),
            number=parse_citizen_number(question.number, today=today, accept_foreigners=True),
            reference=question.reference,
            today=today,
        )
        assert delivery.answer is not None
        return Response(
            render_answer(
                delivery.answer,
                in_reply_to=question.message_id,
                answered_at=question.sent_at,
                environment=AuthorityEnvironment.LIVE,
                sign=keys.sign,
            )
        )

    async def health(request: Request) -> Response:
        challenge = request.query_params[CHALLENGE]
        return Response(render_health(challenge, environment=AuthorityEnvironment.LIVE, sign=keys.sign))

    return Starlette(routes=[Route("/v1/match", match, methods=["POST"]), Route("/healthz", health)])


def serve(certificate: Path, client: str) -> None:
    """Serve on a free port of 127.0.0.1 and print address and public keys as one line of JSON."""
    configure_logs("warning", stream=sys.stderr)
    keys = AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())
    key_id, _, spki = client.partition("=")
    clients = {key_id: PublicKey.from_spki(base64.b64decode(spki))}
    config = uvicorn.Config(
        application(keys, clients),
        port=0,
        log_level="warning",
        lifespan="off",
        ssl_certfile=certificate,
        ssl_keyfile=certificate,
    )
    sock = config.bind_socket()
    # The socket takes connections from here on; they wait until the server has come that far.
    sock.listen()
    pin = keys.pin()
    said = {
        "url": f"https://127.0.0.1:{sock.getsockname()[1]}",
        "signing": base64.b64encode(pin.signing.to_spki()).decode(),
        "encryption": base64.b64encode(pin.encryption.to_spki()).decode(),
    }
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[sock])


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2])
