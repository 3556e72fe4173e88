"""The authority's word on its health: only this authority's, only now, and it says for whom it speaks."""

from __future__ import annotations

import httpx
import pytest

from eztong.adapters.authority.envelope import Context, seal_envelope
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.health import ask_health, open_health, render_health
from eztong.adapters.authority.protocol import AuthorityKeys
from eztong.domain.errors import AuthorityAnswerInvalid, AuthorityUnavailable
from eztong.domain.identifiers import ULID_RANDOM_BYTES
from eztong.gm.sm2 import PrivateKey

KEYS = AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())
OTHER = AuthorityKeys(signing=PrivateKey.generate(), encryption=PrivateKey.generate())
SAID = {"version": "1", "in_reply_to": "0f", "status": "ok", "environment": "live"}


class Draw:
    """Gives the challenge 0f0f..."""

    def token(self, size: int) -> bytes:
        return b"\x0f" * size

    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    def below(self, limit: int) -> int:
        return limit - 1


def say(environment: AuthorityEnvironment = AuthorityEnvironment.LIVE, *, keys: AuthorityKeys = KEYS) -> bytes:
    return render_health("0f" * 16, environment=environment, sign=keys.sign)


def hear(answer: httpx.Response, *, live_only: bool = True) -> None:
    with httpx.Client(base_url="https://authority", transport=httpx.MockTransport(lambda _: answer)) as http:
        ask_health(http, pin=KEYS.pin(), live_only=live_only, entropy=Draw())


def test_an_authority_of_real_people_is_heard() -> None:
    hear(httpx.Response(200, content=say()))


def test_a_sandbox_is_heard_in_the_sandbox_only() -> None:
    sandbox = httpx.Response(200, content=say(AuthorityEnvironment.SANDBOX))
    hear(sandbox, live_only=False)
    with pytest.raises(AuthorityAnswerInvalid, match="sandbox"):
        hear(sandbox)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"status":"ok"}',
        say(keys=OTHER),
        render_health("00" * 16, environment=AuthorityEnvironment.LIVE, sign=KEYS.sign),
        seal_envelope(Context.ANSWER, SAID | {"in_reply_to": "0f" * 16}, sign=KEYS.sign),
        say() + b" " * 20_000,
    ],
    ids=["nothing", "unsigned", "another's", "old", "another context", "too long"],
)
def test_what_is_not_its_word_now_is_not_believed(content: bytes) -> None:
    with pytest.raises(AuthorityAnswerInvalid):
        hear(httpx.Response(200, content=content))


@pytest.mark.parametrize("said", [SAID | {"more": "x"}, SAID | {"environment": "test"}, SAID | {"version": "2"}])
def test_only_the_protocol_is_spoken(said: dict[str, str]) -> None:
    with pytest.raises(AuthorityAnswerInvalid):
        open_health(seal_envelope(Context.HEALTH, said, sign=KEYS.sign), pin=KEYS.pin(), challenge="0f")


def test_an_authority_that_is_not_well_is_unavailable() -> None:
    unwell = seal_envelope(Context.HEALTH, SAID | {"status": "tired", "in_reply_to": "0f" * 16}, sign=KEYS.sign)
    for answer in (httpx.Response(503), httpx.Response(200, content=unwell)):
        with pytest.raises(AuthorityUnavailable):
            hear(answer)
