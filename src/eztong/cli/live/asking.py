"""Who answers: a person at a terminal, or a file of answers, where nothing is guessed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import click
from typing_extensions import override

from eztong.cli.console import say
from eztong.cli.live.questions import NOT_ASKED, AnswerRefused, SettingQuestion, Values, check_answer
from eztong.wiring.settings import PREFIX, Settings

_TRIALS: Final = frozenset({"phone", "email", "public_ca_file"})
"""What is tried and not kept: who gets a test message, and whose certificates the look from outside believes."""
_TRIAL_TABLE: Final = "try"


class Answerer(Protocol):
    """Answers questions."""

    def answer(self, question: SettingQuestion, *, standing: str, offered: str, values: Values) -> str:
        """Return the answer, which fits the values before it; empty for none.

        ``standing`` is what holds now, ``offered`` what is usual where nothing does.
        """

    def trial(self, name: str, asks: str) -> str:
        """Return what something is tried with, and which is not kept; empty: it is not tried."""

    def secret(self, asks: str) -> str:
        """Return a secret that nobody sees while it is typed; empty where nobody can type one."""

    def may_change(self, names: list[str]) -> bool:
        """Say whether settings that stand in the file may become others."""


@dataclass(frozen=True, slots=True)
class Terminal(Answerer):
    """A person, who is asked again until the answer is right."""

    @override
    def answer(self, question: SettingQuestion, *, standing: str, offered: str, values: Values) -> str:
        say(f"  {question.asks}")
        while True:
            shown = standing or offered
            text: str = click.prompt(
                f"  {PREFIX}{question.name.upper()}", default=shown, show_default=bool(shown), err=True
            )
            text = text.strip()
            if not text and not question.must:
                return ""
            try:
                check_answer(question.name, text, values)
            except AnswerRefused as error:
                say(f"  {error.detail}")
            else:
                return text

    @override
    def trial(self, name: str, asks: str) -> str:
        text: str = click.prompt(f"  {asks}", default="", show_default=False, err=True)
        return text.strip()

    @override
    def secret(self, asks: str) -> str:
        text: str = click.prompt(f"  {asks} (not shown)", hide_input=True, default="", show_default=False, err=True)
        return text.strip()

    @override
    def may_change(self, names: list[str]) -> bool:
        return click.confirm(f"  Change {', '.join(names)} in the file?", default=False, err=True)


@dataclass(frozen=True, slots=True)
class Answers(Answerer):
    """A file, which was judged whole before anything was done."""

    settings: Mapping[str, str]
    trials: Mapping[str, str] = field(default_factory=dict)
    may_change_all: bool = False

    @override
    def answer(self, question: SettingQuestion, *, standing: str, offered: str, values: Values) -> str:
        return self.settings.get(question.name) or standing or ("" if question.must else offered)

    @override
    def trial(self, name: str, asks: str) -> str:
        return self.trials.get(name, "")

    @override
    def secret(self, asks: str) -> str:
        return ""

    @override
    def may_change(self, names: list[str]) -> bool:
        return self.may_change_all


def read_answers(path: Path, *, may_change_all: bool) -> Answers:
    """Return the answers of a file: TOML, or JSON where its name ends so. Settings by their names, and a table ``try``.

    Raises:
        AnswerRefused: it cannot be read, names something unknown or a secret, or an answer cannot be right.
    """
    found = _document(path)
    trials = found.pop(_TRIAL_TABLE, {})
    if not isinstance(trials, dict) or not trials.keys() <= _TRIALS:
        raise AnswerRefused(f"{path.name}: `{_TRIAL_TABLE}` is a table of {', '.join(sorted(_TRIALS))}.")
    settings = {name: _text(name, value) for name, value in found.items()}
    judge_all(settings)
    return Answers(settings, {name: _text(name, value) for name, value in trials.items()}, may_change_all)


def judge_all(settings: Mapping[str, str]) -> None:
    """Judge answers before any of them is used.

    Raises:
        AnswerRefused: naming the first that cannot be right.
    """
    for name in settings:
        if name in NOT_ASKED:
            raise AnswerRefused(f"{name} is no answer: secrets and the mode do not stand in a file of answers.")
        if name not in Settings.model_fields:
            raise AnswerRefused(f"There is no setting {name}; see docs/reference/settings.md.")
    for name, text in settings.items():
        check_answer(name, text, {other: value for other, value in settings.items() if other != name})


def _document(path: Path) -> dict[str, object]:
    try:
        text = path.read_text("utf-8")
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnswerRefused(f"{path.name} is no {'JSON' if path.suffix == '.json' else 'TOML'}.") from error
    if not isinstance(found, dict):
        raise AnswerRefused(f"{path.name} must be an object of answers.")
    return found


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise AnswerRefused(f"{name}: an answer is a text, a number, true or false; leave out what has none.")
    return value.strip()
