"""The stored form of a flow's settings: names of its own, and what the version before wrote is read."""

from __future__ import annotations

import json

import pytest

from eztong.domain.eid.eid_flow import ExpectedPerson, FlowSettings, Recipient
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import Intention, IntentionMode, IntentionQuestion
from eztong.domain.errors import StateConflict
from eztong.usecases.eid.flow_settings_form import parse_settings, render_settings

FULL = FlowSettings(
    input_type="4",
    redirect_url="https://shop.example/back",
    extra="x",
    expected=ExpectedPerson("测一一", "11000019900307001X"),
    intention=Intention(
        mode=IntentionMode.QUESTIONS, questions=(IntentionQuestion("同意吗", ("同意", "是")),), actions=("点头",)
    ),
    recipient=Recipient(b"\x00\xffkey", PointPrefix.NONE),
)
# As it was stored before the form had a version.
BEFORE = (
    '{"input_type":"4","redirect_url":"https://shop.example/back","extra":"x",'
    '"expected":{"name":"测一一","number":"11000019900307001X"},'
    '"intention":{"mode":"2","text":"","questions":[{"question":"同意吗","answers":["同意","是"]}],"actions":["点头"]},'
    '"recipient":{"public_key":"AP9rZXk=","point_prefix":"raw"}}'
)


@pytest.mark.parametrize("settings", [FULL, FlowSettings()])
def test_what_is_stored_is_read(settings: FlowSettings) -> None:
    assert parse_settings(render_settings(settings)) == settings


def test_what_the_version_before_stored_is_read() -> None:
    assert parse_settings(BEFORE.encode()) == FULL
    assert parse_settings(b'{"input_type":"1"}') == FlowSettings()


def test_the_form_is_fixed() -> None:
    """Renaming a field of the domain changes nothing here."""
    assert json.loads(render_settings(FULL)) == {"version": 1} | json.loads(BEFORE)


def test_what_a_later_version_stored_is_not_guessed_at() -> None:
    with pytest.raises(StateConflict):
        parse_settings(b'{"version":2}')
