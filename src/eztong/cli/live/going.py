"""One going live: what is known so far, the file that keeps it, and what is told on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eztong.adapters.keys.private_files import locked_folder, make_private_folder, write_private
from eztong.cli.console import say
from eztong.cli.live.asking import Answerer, Answers
from eztong.cli.live.environment_file import read_values, write_values
from eztong.cli.live.questions import AnswerMissing, SettingQuestion, check_answer, settings_for
from eztong.domain.errors import StateConflict
from eztong.domain.operators.posture import CheckFinding, Severity
from eztong.wiring.settings import PREFIX, Settings


class SettingsStand(StateConflict):
    """The file of settings says something else, and nobody said that it may be changed."""

    code = "settings_stand"
    advice = "Correct the file of settings or the answers, or add --apply."

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """Name the variables."""
        super().__init__(f"{path} says something else of {', '.join(names)}. Add --apply to change it there.")


class LiveStepHalted(StateConflict):
    """A step found what live mode must not start with."""

    code = "live_step_halted"
    advice = "Mend what the sentence names, then give the same command again: it goes on there."


@dataclass(slots=True)
class Going:
    """What is known while an operator goes live."""

    asking: Answerer
    path: Path
    """The file of settings."""

    is_dry: bool = False
    asks_again: bool = False
    """Whether a person is asked also what is answered already."""

    values: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    problems: int = 0

    def __post_init__(self) -> None:
        """Begin with what the file says from an earlier run."""
        if self.path.exists():
            known = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
            self.values = {known[name]: text for name, text in self._standing().items() if name in known and text}

    @property
    def settings(self) -> Settings:
        """The settings of what is known so far."""
        return settings_for(self.values)

    @contextmanager
    def step(self, number: int, of: int, title: str) -> Iterator[None]:
        """Say where we are."""
        say(f"[{number} of {of}] {title}")
        self.told.append({"step": number, "title": title, "told": []})
        yield

    def tell(self, line: str) -> None:
        """Tell what was done or found in this step."""
        say(f"  {line}")
        self.told[-1]["told"].append(line)

    def tell_problem(self, line: str) -> None:
        """Tell what must be mended before anybody comes."""
        self.problems += 1
        self.tell(f"ERROR: {line}")

    def tell_finding(self, found: CheckFinding) -> None:
        """Tell what one check of the doctor found; an error ends the step.

        Raises:
            LiveStepHalted: it is an error.
        """
        line = f"{found.check}: {found.message} {found.advice}".strip()
        if found.severity is Severity.ERROR:
            raise LiveStepHalted(line)
        self.tell(line)

    def knows(self, *names: str) -> bool:
        """Say whether settings are known, and a person need not be asked again."""
        return all(name in self.values for name in names)

    def check_nothing_is_missing(self, questions: Sequence[SettingQuestion]) -> None:
        """Name everything that a file of answers must still say, before the first step.

        Raises:
            AnswerMissing: naming it.
        """
        if isinstance(self.asking, Answers):
            _check_answered(questions, self.values.keys() | self.asking.settings.keys())

    def ask(self, questions: Sequence[SettingQuestion], *, known_by: Sequence[str]) -> dict[str, str]:
        """Return the answers to questions, none of which is kept yet.

        Where ``known_by`` are known a person is not asked again; a file of answers always counts.

        Raises:
            AnswerMissing: naming what must be answered, where nobody can be asked.
            AnswerRefused: an answer does not fit the others.
        """
        if not isinstance(self.asking, Answers) and self.knows(*known_by) and not self.asks_again:
            return {one.name: self.values[one.name] for one in questions if one.name in self.values}
        given: dict[str, str] = {}
        for one in questions:
            if one.only_with and not given.get(one.only_with):
                continue
            text = self.asking.answer(
                one,
                standing=self.values.get(one.name, ""),
                offered=one.default or self._usual(one, given),
                values=self.values | given,
            )
            if text:
                given[one.name] = text
        _check_answered(questions, given.keys())
        for name, text in given.items():
            check_answer(name, text, self.values | given)
        return given

    def keep(self, given: dict[str, str]) -> None:
        """Keep answers in the file of settings; what stands there is changed only where that was allowed.

        Raises:
            SettingsStand: it was not.
            SettingsInvalid, OSError: the file cannot be read or written.
        """
        named = {f"{PREFIX}{name.upper()}": text for name, text in given.items()}
        standing = self._standing()
        changed = [name for name, text in named.items() if standing.get(name, text) != text]
        new = [name for name in named if name not in standing]
        if changed and not self.is_dry and not self.asking.may_change(changed):
            raise SettingsStand(self.path, changed)
        self.values |= given
        if not changed and not new:
            return
        which = ", ".join([*new, *(f"{name} (changed)" for name in changed)])
        if self.is_dry:
            self.tell(f"Would write {which} to {self.path}.")
            return
        write_values(self.path, named)
        self.tell(f"Wrote {which} to {self.path}.")

    def make_secret_files(self, questions: Sequence[SettingQuestion], given: dict[str, str]) -> None:
        """Let a person type secrets into files that are not there yet; nobody sees them."""
        for one in questions:
            path = Path(given.get(one.name, ""))
            if not one.typed_unseen or one.name not in given or path.exists() or self.is_dry:
                continue
            if secret := self.asking.secret(one.typed_unseen):
                make_private_folder(path.parent)
                with locked_folder(path.parent):
                    write_private(path, f"{secret}\n".encode())
                self.tell(f"Wrote {path}, for this user alone.")

    def _standing(self) -> dict[str, str]:
        return read_values(self.path) if self.path.exists() else {}

    def _usual(self, question: SettingQuestion, given: dict[str, str]) -> str:
        if question.name != "origin":
            return ""
        return settings_for(self.values | given).public_url.host or ""  # type: ignore[union-attr]  # asked just before


def _check_answered(questions: Sequence[SettingQuestion], answered: AbstractSet[str]) -> None:
    if missing := [one.name for one in questions if one.must and one.name not in answered]:
        raise AnswerMissing(f"There is no answer to: {', '.join(missing)}. Nothing is guessed.")
