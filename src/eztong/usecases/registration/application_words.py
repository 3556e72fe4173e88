"""The words of people in an application: an applicant's objection, an operator's reason. Sealed with its data key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from eztong.domain.holder import Holder
from eztong.domain.registration import ApplicationStep, StepKind
from eztong.domain.working_days import DueDay
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.vault import open_vault

_TABLE: Final = "application_steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A step with its words."""

    step_id: str
    kind: StepKind
    at: datetime
    due: DueDay | None
    rules: str
    operator: str | None
    text: str = field(repr=False)


def add_step(
    act: Act, holder: Holder, kind: StepKind, words: str, *, rules: str = "", due: DueDay | None = None
) -> ApplicationStep:
    """Store a step of whoever acts, with their words sealed; return it."""
    step_id = new_id(act, "stp")
    vault = open_vault(holder, keys=act.keys)
    step = ApplicationStep(
        holder_id=holder.holder_id,
        step_id=step_id,
        kind=kind,
        rules=rules,
        operator=act.by.name or None,
        at=act.now,
        due=due,
        sealed_words=vault.seal(step_id, words.encode(), entropy=act.entropy, table=_TABLE),
    )
    act.uow.applications.add(step)
    return step


def read_steps(holder: Holder, *, stored: Repositories, keys: Keys) -> Sequence[Said]:
    """Return the application's steps with their words, oldest first.

    Raises:
        HolderErased: the account was erased.
    """
    steps = stored.applications.steps(holder.holder_id)
    vault = open_vault(holder, keys=keys) if steps else None
    return [
        Said(
            step_id=step.step_id,
            kind=step.kind,
            at=step.at,
            due=step.due,
            rules=step.rules,
            operator=step.operator,
            text=vault.open(step.step_id, step.sealed_words, table=_TABLE).decode(),
        )
        for step in steps
        if vault is not None
    ]
