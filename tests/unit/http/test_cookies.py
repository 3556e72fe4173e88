"""The session cookie: a secret, for this host only, out of reach of scripts and of other sites' forms."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from eztong.domain.identifiers import ULID_RANDOM_BYTES
from eztong.http.cookies import Cookies, encode_token, new_token
from eztong.ports.entropy import Entropy

TOKEN = encode_token(bytes(range(32)))


class CountingEntropy(Entropy):
    """Gives known bytes."""

    @override
    def token(self, size: int) -> bytes:
        return bytes(range(size))

    @override
    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    @override
    def below(self, limit: int) -> int:
        return limit - 1


def request_with(cookie: str, query: str = "") -> Request:
    return Request(
        {"type": "http", "headers": [(b"cookie", cookie.encode())], "query_string": query.encode(), "path": "/"}
    )


def test_a_token_is_32_bytes_of_entropy() -> None:
    assert new_token(entropy=CountingEntropy()) == TOKEN
    assert len(TOKEN) == 43
    with pytest.raises(ValueError, match="32 bytes"):
        encode_token(bytes(31))


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-ezt_session"), (False, "ezt_session")])
def test_the_name_says_whether_it_is_bound_to_the_host(secure: bool, name: str) -> None:
    cookies, response = Cookies(secure, "ezt_session"), Response()
    cookies.keep_session(response, TOKEN)
    header = response.headers["set-cookie"]
    assert header.startswith(f"{name}={TOKEN};")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(header.split("; "))
    assert ("Secure" in header.split("; ")) is secure
    assert "Domain" not in header
    assert cookies.read_session(request_with(f"{name}={TOKEN}")) == TOKEN


def test_a_plain_cookie_is_not_taken_for_the_bound_one() -> None:
    assert Cookies(secure=True, name="ezt_session").read_session(request_with(f"ezt_session={TOKEN}")) is None


@pytest.mark.parametrize("value", ["", "short", TOKEN + "A", TOKEN[:-1] + "!", TOKEN[:-1] + "é"])
def test_what_cannot_be_ours_is_no_token(value: str) -> None:
    assert Cookies(secure=False, name="ezt_session").read_session(request_with(f"ezt_session={value}")) is None


def test_dropping_ends_it_at_once() -> None:
    response = Response()
    Cookies(secure=True, name="ezt_session").drop_session(response)
    assert "Max-Age=0" in response.headers["set-cookie"]


def test_choices_are_kept_only_when_they_are_made() -> None:
    cookies, silent, chosen = Cookies(secure=True, name="ezt_session"), Response(), Response()
    cookies.keep_choices(request_with(""), silent, language="en", elder=True)
    assert "set-cookie" not in silent.headers
    cookies.keep_choices(request_with("", "lang=en&elder=1"), chosen, language="en", elder=True)
    assert [header.split(";")[0] for header in chosen.headers.getlist("set-cookie")] == [
        "ezt_language=en",
        "ezt_elder=1",
    ]
