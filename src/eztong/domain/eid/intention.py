"""Intention: the holder reads a text, answers questions or nods, and says by it that the act is an own wish (意愿核身).

Our page is the provider: a text is confirmed by typing it, a question by typing an answer, an action by pressing
its own button. Nothing is recorded by camera or microphone, and no result claims that something was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from eztong.domain.errors import InputInvalid
from eztong.gm.sm3 import sm3

EVIDENCE_FORMAT: Final = "eztong/intention/v1"
SALT_BYTES: Final = 16


class IntentionNotConfirmed(InputInvalid):
    """What the holder confirmed is not what was asked; trying again is possible until the flow ends."""

    code = "intention_not_confirmed"
    advice = "Read the sentence or question again and confirm it as it stands there, or refuse."


class IntentionMode(StrEnum):
    """How the holder confirms; the numbers are those of the contract's ``IntentionMode``."""

    READ_ALOUD = "1"
    QUESTIONS = "2"
    NOD = "3"


@dataclass(frozen=True, slots=True)
class IntentionQuestion:
    """A question and the answers that pass."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """What must be confirmed. Only the parts of its mode are filled."""

    mode: IntentionMode
    text: str = ""
    questions: tuple[IntentionQuestion, ...] = ()
    actions: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """Return what is shown, one sentence for each confirmation."""
        match self.mode:
            case IntentionMode.READ_ALOUD:
                return (self.text,)
            case IntentionMode.QUESTIONS:
                return tuple(question.question for question in self.questions)
            case IntentionMode.NOD:
                return self.actions


NOD_PRESSED: Final = "yes"


def check_intention(intention: Intention, answers: Sequence[str]) -> None:
    """Refuse answers that do not confirm every step.

    Case, width, spaces and punctuation do not count: a wish is not a spelling test.

    Raises:
        IntentionNotConfirmed: a step is missing or answered otherwise.
    """
    if len(answers) != len(intention.steps):
        raise IntentionNotConfirmed
    for number, answer in enumerate(answers):
        if _plain(answer) not in {_plain(accepted) for accepted in _accepted(intention, number)}:
            raise IntentionNotConfirmed


def passing_answers(intention: Intention) -> tuple[str, ...]:
    """Return answers that confirm every step, as a willing holder would give them."""
    return tuple(_accepted(intention, number)[0] for number in range(len(intention.steps)))


def render_evidence(intention: Intention, answers: Sequence[str], *, request_id: str, salt: bytes) -> dict[str, Any]:
    """Return the document that is attested: salted commitments to what was shown and answered, nothing in clear."""
    return {
        "format": EVIDENCE_FORMAT,
        "request": request_id,
        "mode": intention.mode.value,
        "shown": [_commitment(salt, shown) for shown in intention.steps],
        "answered": [_commitment(salt, answer) for answer in answers],
    }


def _accepted(intention: Intention, number: int) -> Sequence[str]:
    match intention.mode:
        case IntentionMode.READ_ALOUD:
            return (intention.text,)
        case IntentionMode.QUESTIONS:
            return intention.questions[number].answers
        case IntentionMode.NOD:
            return (NOD_PRESSED,)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LNS")


def _commitment(salt: bytes, text: str) -> str:
    return sm3(salt + text.encode()).hex()
