"""The stored form of what a merchant set for a flow: named here, so that a class of the domain can be renamed freely.

Flows live three days, so that a release reads what the one before has written. Version 1 is also how settings were
stored before the form had a version.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from eztong.domain.eid.eid_flow import ExpectedPerson, FlowSettings, Recipient
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import Intention, IntentionMode, IntentionQuestion
from eztong.domain.errors import StateConflict

VERSION: Final = 1


class _Expected(msgspec.Struct, frozen=True):
    name: str | None = None
    number: str | None = None


class _Recipient(msgspec.Struct, frozen=True):
    public_key: bytes
    point_prefix: str


class _Question(msgspec.Struct, frozen=True):
    question: str
    answers: tuple[str, ...]


class _Intention(msgspec.Struct, frozen=True, kw_only=True):
    mode: str
    text: str = ""
    questions: tuple[_Question, ...] = ()
    actions: tuple[str, ...] = ()


class _Settings(msgspec.Struct, frozen=True, kw_only=True):
    version: int = VERSION
    input_type: str = "1"
    redirect_url: str | None = None
    extra: str = ""
    expected: _Expected | None = None
    intention: _Intention | None = None
    recipient: _Recipient | None = None


def render_settings(settings: FlowSettings) -> bytes:
    """Return the stored form."""
    expected, intention, recipient = settings.expected, settings.intention, settings.recipient
    return msgspec.json.encode(
        _Settings(
            input_type=settings.input_type,
            redirect_url=settings.redirect_url,
            extra=settings.extra,
            expected=None if expected is None else _Expected(expected.name, expected.number),
            intention=None if intention is None else _stored_intention(intention),
            recipient=None if recipient is None else _Recipient(recipient.public_key, recipient.point_prefix.value),
        )
    )


def parse_settings(text: bytes) -> FlowSettings:
    """Return what was stored.

    Raises:
        StateConflict: a later version wrote it.
    """
    stored = msgspec.json.decode(text, type=_Settings)
    if stored.version != VERSION:
        raise StateConflict("This flow was opened by a later version of the service.")
    expected, intention, recipient = stored.expected, stored.intention, stored.recipient
    return FlowSettings(
        input_type=stored.input_type,
        redirect_url=stored.redirect_url,
        extra=stored.extra,
        expected=None if expected is None else ExpectedPerson(expected.name, expected.number),
        intention=None if intention is None else _intention(intention),
        recipient=None if recipient is None else Recipient(recipient.public_key, PointPrefix(recipient.point_prefix)),
    )


def _stored_intention(intention: Intention) -> _Intention:
    return _Intention(
        mode=intention.mode.value,
        text=intention.text,
        questions=tuple(_Question(one.question, tuple(one.answers)) for one in intention.questions),
        actions=tuple(intention.actions),
    )


def _intention(stored: _Intention) -> Intention:
    fields: dict[str, Any] = {
        "questions": tuple(IntentionQuestion(one.question, one.answers) for one in stored.questions),
        "actions": stored.actions,
    }
    return Intention(mode=IntentionMode(stored.mode), text=stored.text, **fields)
