"""A store in which another writer was quicker: what a unit of work would change by a condition is another by then.

With one writer that cannot be brought about between the look and the change; a store with several has it every day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from eztong.ports.storage.store import Committed, Job, Store, UnitOfWork
from tests.unit.usecases.stage import Stage

T = TypeVar("T")


class _Part:
    """Something of which some parts are others."""

    def __init__(self, whole: object, others: Mapping[str, object]) -> None:
        self._whole = whole
        self._others = others

    def __getattr__(self, name: str) -> object:
        return self._others[name] if name in self._others else getattr(self._whole, name)


def _too_late(*_given: object, **_more: object) -> bool:
    return False


def let_another_be_quicker(stage: Stage, *changes: str) -> None:
    """From now on the services' store finds nothing to change where it is asked for one of ``changes``.

    Each is named as ``holders.move``: by its repository and its method, which says whether anything was changed.
    """
    lost: dict[str, set[str]] = {}
    for change in changes:
        repository, _, method = change.partition(".")
        lost.setdefault(repository, set()).add(method)

    def behind(uow: UnitOfWork) -> UnitOfWork:
        parts = {name: _Part(getattr(uow, name), dict.fromkeys(methods, _too_late)) for name, methods in lost.items()}
        return cast("UnitOfWork", _Part(uow, parts))

    def write(job: Job[T]) -> Committed[T]:
        return stage.store.write(lambda uow: job(behind(uow)))

    def submit(job: Job[Any], done: Callable[..., None], **more: Any) -> None:  # noqa: ANN401 - as the port takes them
        stage.store.submit(lambda uow: job(behind(uow)), done, **more)

    store = cast("Store", _Part(stage.store, {"write": write, "submit": submit}))
    stage.services = replace(stage.services, store=store)
