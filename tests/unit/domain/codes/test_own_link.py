"""Only links of this very deployment, to a request or a counter, are followed; whatever else is named as what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.codes.own_link import Foreign, ForeignKind, read_link

ORIGIN = "https://eid.example"
TOKEN = "s3-73c1h6nO0GV8KV-Csf149_Ttmz0qN"


@pytest.mark.parametrize(
    "text",
    [
        f"https://eid.example/r/{TOKEN}",
        f"  https://EID.example/r/{TOKEN}\n",
        f"HTTPS://eid.example:443/r/{TOKEN}",
        f"eid.example/r/{TOKEN}",
        f"请打开 https://eid.example/r/{TOKEN} 谢谢",
    ],
)
def test_an_own_link_leads_to_its_path(text: str) -> None:
    assert read_link(text, origin=ORIGIN) == f"/r/{TOKEN}"


def test_a_counter_is_a_place_to_go() -> None:
    assert read_link("https://eid.example/at/0123456789abcdef", origin=ORIGIN) == "/at/0123456789abcdef"


def test_the_port_belongs_to_the_deployment() -> None:
    assert read_link("http://127.0.0.1:8000/r/a", origin="http://127.0.0.1:8000") == "/r/a"
    assert read_link("http://127.0.0.1:8001/r/a", origin="http://127.0.0.1:8000") == Foreign(
        ForeignKind.WEB, "127.0.0.1"
    )


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"https://eid.example.evil.test/r/{TOKEN}", "eid.example.evil.test"),
        (f"https://eid.example@evil.test/r/{TOKEN}", "evil.test"),
        (f"https://evil.test/https://eid.example/r/{TOKEN}", "evil.test"),
        (f"https://\u0435id.example/r/{TOKEN}", "xn--id-mlc.example"),
        (f"http://eid.example/r/{TOKEN}", "eid.example"),
        (f"https://user@eid.example/r/{TOKEN}", "eid.example"),
        (f"https://eid.example/r/{TOKEN}?next=//evil.test", "eid.example"),
        (f"https://eid.example/r/{TOKEN}#x", "eid.example"),
        ("https://eid.example/sign-out", "eid.example"),
        ("https://eid.example/r/../sign-out", "eid.example"),
        ("https://eid.example/r/%2e%2e", "eid.example"),
        ("https://eid.example//evil.test/r/a", "eid.example"),
    ],
)
def test_what_only_looks_like_an_own_link_is_named_and_not_followed(text: str, host: str) -> None:
    assert read_link(text, origin=ORIGIN) == Foreign(ForeignKind.WEB, host)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ForeignKind.OTHER),
        ("hello", ForeignKind.OTHER),
        ("javascript:alert(1)", ForeignKind.OTHER),
        ("weixin://dl/business", ForeignKind.OTHER),
        ("https://[", ForeignKind.OTHER),
        ("https://eid.example:99999/r/a", ForeignKind.OTHER),
        ("88" + "0" * 16, ForeignKind.CODE),
        ("8800 0000 0000 000000", ForeignKind.CODE),
        ("01" + "0" * 73, ForeignKind.CODE),
    ],
)
def test_what_is_no_web_address_is_said_to_be_something_else(text: str, kind: ForeignKind) -> None:
    assert read_link(text, origin=ORIGIN) == Foreign(kind)


@given(st.text() | st.from_regex(r"https://eid\.example[/@:?#a-z.%]*", fullmatch=True))
def test_whatever_is_scanned_the_way_is_a_request_or_a_counter_or_none(text: str) -> None:
    found = read_link(text, origin=ORIGIN)
    if isinstance(found, str):
        assert found.startswith(("/r/", "/at/"))
        assert "//" not in found
        assert "." not in found
    else:
        assert found.host.isascii()
