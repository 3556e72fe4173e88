"""At which address the console is, and whose passkeys are asked for there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import HttpUrl

from eztong.ports.services import Mode
from eztong.wiring.build import build
from eztong.wiring.settings import Settings

PUBLIC = "https://eid.example.org"


@pytest.mark.parametrize(
    ("public_url", "host", "console"),
    [
        (PUBLIC, None, PUBLIC),
        (PUBLIC, "console.example.org", "https://console.example.org"),
        ("http://localhost:8080", "console.localhost:8080", "http://console.localhost:8080"),
    ],
)
def test_the_console_is_where_its_host_says(public_url: str, host: str | None, console: str) -> None:
    assert Settings(mode=Mode.LIVE, public_url=HttpUrl(public_url), console_host=host).console_url == console


@pytest.mark.filterwarnings("ignore::eztong.adapters.notifier.inbox.VisibleInboxWarning")
def test_a_console_with_a_host_of_its_own_has_passkeys_of_its_own(tmp_path: Path) -> None:
    built = build(Settings(data_dir=tmp_path, public_url=HttpUrl(PUBLIC), console_host="console.example.org"))
    try:
        services = built.services
        assert (services.passkeys.site, services.console_passkeys.site) == ("eid.example.org", "console.example.org")
    finally:
        built.close()
