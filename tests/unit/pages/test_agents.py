"""A browser is told apart by its kind and what it runs on, and by nothing finer."""

import pytest
from starlette.requests import Request

from eztong.pages.agents import UNKNOWN_KIND, agent_kind

_LIKE = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (_LIKE.format("X11; Linux x86_64", "Chrome/140.0.0.0 Safari/537.36"), "Chrome · Linux"),
        (_LIKE.format("Linux; Android 15; K", "Chrome/140.0.0.0 Mobile Safari/537.36"), "Chrome · Android"),
        (_LIKE.format("Windows NT 10.0; Win64", "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"), "Edge · Windows"),
        (_LIKE.format("iPhone; CPU iPhone OS 18_0 like Mac OS X", "Version/18.0 Safari/604.1"), "Safari · iPhone"),
        (_LIKE.format("iPhone; CPU iPhone OS 18_0 like Mac OS X", "MicroMessenger/8.0.50"), "WeChat · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("testclient", UNKNOWN_KIND),
        ("", UNKNOWN_KIND),
    ],
)
def test_the_kind_of_a_browser(agent: str, kind: str) -> None:
    scope = {"type": "http", "headers": [(b"user-agent", agent.encode())]}
    assert agent_kind(Request(scope)) == kind
