"""Helpers in words: who helps the holder, and whom the holder helps, as each side may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eztong.citizen.visit import Visit
from eztong.domain.assistance.assistance import Assistance, AssistanceState
from eztong.domain.holder import Holder
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.invite_helper import open_digits
from eztong.usecases.assistance.parties import helped_name, masked_name


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperRow:
    """An assistance as the elder reads it. ``digits`` stand as long as nobody typed them, ``name`` is masked."""

    assistance_id: str
    state: str
    name: str
    digits: str
    until: str
    days: int
    with_uses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpedRow:
    """An assistance as the helper reads it: no name before the elder confirmed."""

    assistance_id: str
    name: str
    until: str
    is_confirmed: bool
    with_uses: bool


def rows_of_elder(visit: Visit, elder: Holder, *, stored: Repositories) -> Sequence[HelperRow]:
    """Return what is not over of an elder, newest first."""
    keys = visit.services.keys
    return [
        HelperRow(
            assistance_id=one.assistance_id,
            state=one.state.value,
            name=masked_name(one.helper_id, stored=stored, keys=keys),
            digits=open_digits(one, elder, keys=keys) if one.state is AssistanceState.INVITED else "",
            until=moment_words(one.due_at, now=visit.now, words=visit.words),
            days=one.days,
            with_uses=one.with_uses,
        )
        for one in stored.assistances.of_elder(elder.holder_id)
        if not one.is_over(now=visit.now)
    ]


def rows_of_helper(visit: Visit, helper: Holder, *, stored: Repositories) -> Sequence[HelpedRow]:
    """Return what is not over of a helper, newest first."""
    found = stored.assistances.of_helper(helper.holder_id)
    return [row_of_helper(one, helper, visit, stored=stored) for one in found if not one.is_over(now=visit.now)]


def row_of_helper(one: Assistance, helper: Holder, visit: Visit, *, stored: Repositories) -> HelpedRow:
    """Return one as its helper reads it."""
    keys = visit.services.keys
    return HelpedRow(
        assistance_id=one.assistance_id,
        name=helped_name(one.assistance_id, helper.holder_id, stored=stored, keys=keys, now=visit.now),
        until=moment_words(one.due_at, now=visit.now, words=visit.words),
        is_confirmed=one.state is AssistanceState.ACTIVE,
        with_uses=one.with_uses,
    )
