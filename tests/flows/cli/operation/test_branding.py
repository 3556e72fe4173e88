"""``eztong branding``: a look is tried, proposed and published by two; what cannot be read says what would do."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from tests.flows.cli.command import CommandLine
from tests.unit.domain.branding.pictures import picture

LI, WANG = ("--operator", "demo-li"), ("--operator", "demo-wang")
BECAUSE = ("--reason", "the city has a name for it")
# Each command of these hashes a secret or two, in a process of its own.
pytestmark = pytest.mark.timeout(240)


def test_a_look_is_tried_proposed_published_and_shown(filled: CommandLine) -> None:
    (filled.folder / "mark.png").write_bytes(picture(96))
    wanted = ("service_zh=鹏城通", "service_en=City Pass", "accent=#1d4f91", "--mark", "mark.png", *BECAUSE, *LI)
    tried = filled.run("branding", "set", *wanted, "--json").json()
    assert {one["what"]: one["wanted"] for one in tried}["service_en"] == "City Pass"
    assert filled.run("branding", "list", "--json").json() == [], "without --apply nothing is proposed"

    proposed = filled.run("branding", "set", *wanted, "--apply", "--json").json()
    version = proposed["version"]
    alone = filled.run("branding", "publish", version, *BECAUSE, *LI)
    assert (alone.code, "[same_operator]" in alone.err) == (3, True)
    assert filled.run("branding", "show", "--json").json()["service_zh"] == ""
    assert filled.run("branding", "publish", version, *BECAUSE, *WANG).code == 0
    again = filled.run("branding", "publish", version, *BECAUSE, *WANG)
    assert again.code == 3, "it was decided"

    shown = filled.run("branding", "show", "--json").json()
    assert (shown["service_zh"], shown["accent"], shown["hash"]) == ("鹏城通", "#1d4f91", proposed["hash"])
    assert b64decode(shown["mark"]).startswith(b"\x89PNG")
    (listed,) = filled.run("branding", "list", "--json").json()
    assert (listed["version"], listed["state"]) == (version, "published")


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("colour=#1d4f91",), 2, "names are"),
        (("accent=#ffff00",), 2, "would fit. [accent_unreadable]"),
        (("service_zh=" + "名" * 40,), 2, "brand_"),
        (("--mark", "no.png"), 2, "[mark_invalid]"),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_do(
    filled: CommandLine, typed: tuple[str, ...], code: int, said: str
) -> None:
    (filled.folder / "no.png").write_text("<svg onload=alert(1)>")
    refused = filled.run("branding", "set", *typed, *BECAUSE, *LI)
    assert (refused.code, said in refused.err) == (code, True), refused.err


def test_a_version_that_nobody_knows_is_said_to_be_none(filled: CommandLine) -> None:
    assert filled.run("branding", "show", "brd_01KF0000000000000000000000").code == 3
    assert json.loads(filled.run("branding", "show", "--json").out)["hash"]
