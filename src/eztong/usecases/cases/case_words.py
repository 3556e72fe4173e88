"""The steps of a case, with the words of staff and holder: sealed with the account's key, so that they end with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from eztong.domain.cases.case import Case, CaseMove, CaseStep
from eztong.domain.holder import Holder
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.vault import open_vault

_TABLE: Final = "case_steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSaid:
    """A step with its words; None where nobody wrote any, or the account is gone."""

    step_id: str
    move: CaseMove
    at: datetime
    operator: str | None
    text: str | None = field(repr=False)


def add_step(act: Act, case: Case, holder: Holder | None, move: CaseMove, *, words: str = "") -> CaseStep:
    """Store a step of whoever acts, with their words sealed; of an account that was erased without them."""
    step_id = new_id(act, "cst")
    sealed = None
    if words and holder is not None and not holder.is_erased:
        vault = open_vault(holder, keys=act.keys)
        sealed = vault.seal(step_id, words.encode(), entropy=act.entropy, table=_TABLE)
    step = CaseStep(
        holder_id=case.holder_id,
        case_id=case.case_id,
        step_id=step_id,
        move=move,
        operator=act.by.name or None,
        at=act.now,
        sealed_words=sealed,
    )
    act.uow.cases.add_step(step)
    return step


def read_case_steps(case: Case, holder: Holder | None, *, stored: Repositories, keys: Keys) -> Sequence[CaseSaid]:
    """Return the case's steps with their words, oldest first.

    Raises:
        SealedDataDamaged: words were changed in the store.
    """
    steps = stored.cases.steps(case.case_id)
    vault = None if holder is None or holder.is_erased else open_vault(holder, keys=keys)
    return [
        CaseSaid(
            step_id=step.step_id,
            move=step.move,
            at=step.at,
            operator=step.operator,
            text=None
            if step.sealed_words is None or vault is None
            else vault.open(step.step_id, step.sealed_words, table=_TABLE).decode(),
        )
        for step in steps
    ]
