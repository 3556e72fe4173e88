"""Addresses that callers give: ASCII once they are taken in, the same place as before, or refused."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.addresses.web_address import LONGEST, WebAddressInvalid, ascii_address


@pytest.mark.parametrize(
    ("given_text", "address"),
    [
        ("https://m.example/cb?name=测试", "https://m.example/cb?name=%E6%B5%8B%E8%AF%95"),
        ("https://例子.测试/返回", "https://xn--fsqu00a.xn--0zwm56d/%E8%BF%94%E5%9B%9E"),
        ("https://m.example/?x=é#结果", "https://m.example/?x=%C3%A9#%E7%BB%93%E6%9E%9C"),
        ("https://M.Example:8443/A?b=C", "https://m.example:8443/A?b=C"),
        ("https://m.example/%E4%B8%AD?a=%20", "https://m.example/%E4%B8%AD?a=%20"),
        ("https://m.example/cb?o=1&&", "https://m.example/cb?o=1&&"),
        ("https://m.example/cb?o=1#/result?b=;,'", "https://m.example/cb?o=1#/result?b=;,'"),
        ('https://m.example/cb?o=<2>"', "https://m.example/cb?o=%3C2%3E%22"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://m.example", "https://m.example"),
    ],
)
def test_an_address_is_encoded_once(given_text: str, address: str) -> None:
    assert ascii_address(given_text) == address
    assert ascii_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m.example/cb",
        "//m.example/cb",
        "javascript:alert(1)",
        "ftp://m.example/",
        "https://",
        "https:///cb",
        "https://user@m.example/",
        "https://@m.example/",
        "https://m.example:99999/",
        "https://m.example:port/",
        "https://m.example/a b",
        "https://m.example/a\r\nSet-Cookie: a=b",
        "https://m.example/a\u2028b",
        "https://m.example\\@evil.example/",
        "https://m.example/\ud800",
        "https://stra\u00dfe.example/",
        "https://a\u200db.example/",
        "https://m.example%2eevil.example/",
        "https://℀.example/",
        f"https://{'测' * 64}.example/",
        f"https://m.example/{'x' * LONGEST}",
        f"https://m.example/{'测' * 230}",
    ],
)
def test_what_cannot_be_written_in_ascii_or_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(WebAddressInvalid):
        ascii_address(text)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_accepted_can_go_into_a_header_and_means_the_same(path: str, query: str, fragment: str) -> None:
    text = f"https://m.example/{path}?{query}#{fragment}"
    try:
        address = ascii_address(text)
    except WebAddressInvalid:
        return
    address.encode("ascii")
    assert address.isprintable()
    assert " " not in address
    assert unquote(urlsplit(address).path) == unquote(urlsplit(text).path)
    assert ascii_address(address) == address
