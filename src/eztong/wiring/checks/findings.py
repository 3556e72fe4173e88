"""The ways in which a check says what it found: sentences of the catalogues, which know each in every language."""

from __future__ import annotations

from collections.abc import Sequence
from errno import errorcode

from eztong.domain.errors import EztongError
from eztong.domain.operators.posture import CheckFinding, FindingSentence, MetError, Severity
from eztong.i18n.translator import Translator
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings

Sentences = str | FindingSentence | Sequence[FindingSentence]
"""What a check says: the key of a sentence that nothing fills, a sentence, or several one after the other."""


def say(key: str, /, **params: str | int | MetError) -> FindingSentence:
    """Return a sentence of the catalogues with what fills it.

    Raises:
        KeyError: there is none with this key, or a parameter is missing (programmer's mistake).
    """
    return FindingSentence(key, params, Translator("en").text(key, **params))


def english(key: str, /, **params: str | int | MetError) -> str:
    """Return the English words of a sentence of the catalogues, for logs and commands.

    Raises:
        KeyError: there is none with this key, or a parameter is missing (programmer's mistake).
    """
    return say(key, **params).english


def fine(check: str, found: Sentences) -> CheckFinding:
    """Report that nothing is wrong."""
    return CheckFinding(check, Severity.OK, _said(found))


def warns(check: str, found: Sentences, to_do: Sentences) -> CheckFinding:
    """Report what a service starts with, and an operator should know."""
    return CheckFinding(check, Severity.WARNING, _said(found), _said(to_do))


def bad(settings: Settings, check: str, found: Sentences, to_do: Sentences) -> CheckFinding:
    """Report what only live mode refuses."""
    severity = Severity.ERROR if settings.mode is Mode.LIVE else Severity.WARNING
    return CheckFinding(check, severity, _said(found), _said(to_do))


def stops(check: str, found: Sentences, to_do: Sentences) -> CheckFinding:
    """Report what no service starts with, in either mode."""
    return CheckFinding(check, Severity.ERROR, _said(found), _said(to_do))


def met(error: EztongError | OSError) -> MetError:
    """Return an error as a sentence can be filled with it."""
    if isinstance(error, EztongError):
        return MetError(error.code, words(error))
    return MetError(errorcode.get(error.errno or 0, type(error).__name__), words(error))


def why(error: EztongError | OSError) -> FindingSentence:
    """Return the sentence that says what an error says, and no more."""
    return say("finding.error", error=met(error))


def words(error: EztongError | OSError) -> str:
    """Return what an error says to an operator."""
    return error.detail if isinstance(error, EztongError) else f"{error.strerror or type(error).__name__}."


def _said(sentences: Sentences) -> Sequence[FindingSentence]:
    if isinstance(sentences, str):
        return (say(sentences),)
    return (sentences,) if isinstance(sentences, FindingSentence) else tuple(sentences)
