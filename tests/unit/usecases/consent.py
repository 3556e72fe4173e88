"""What happens to consent from outside the use cases: a withdrawal, a new version of a document."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

from eztong.domain.agreements import Acceptance, AgreementKind, ChangeClass, hash_text
from eztong.domain.identifiers import AcceptanceId
from eztong.ports.storage.store import UnitOfWork
from tests.unit.usecases.stage import FILE, LI, Person, Stage


def newest(stage: Stage, kind: AgreementKind, person: Person = LI) -> Acceptance:
    """Return the person's newest acceptance of a document."""
    holder_id = stage.holder_id(person)
    found = stage.read(lambda stored: stored.agreements.newest_acceptance(holder_id, kind))
    assert found is not None
    return found


def withdraw(stage: Stage, kind: AgreementKind = AgreementKind.AUTHORISATION, person: Person = LI) -> None:
    """Leave a withdrawn acceptance as the person's newest of a document."""
    stage.clock.pass_by(milliseconds=1)
    now = stage.clock.now()
    taken_back = replace(
        newest(stage, kind, person), acceptance_id=AcceptanceId(f"acc_{'Z' * 26}"), accepted_at=now, withdrawn_at=now
    )

    def job(uow: UnitOfWork) -> None:
        leaf = uow.attest(b"{}")
        uow.agreements.add_acceptance(taken_back, document=b"{}", batch_id=leaf.batch_id, leaf_index=leaf.index)

    stage.write(job)


def publish(stage: Stage, version: str, change: ChangeClass, kind: AgreementKind = AgreementKind.SERVICE) -> None:
    """Bring a new version of a document into force in every language that it has, as an upgrade of the data does."""
    now = stage.clock.pass_by(milliseconds=1)
    found = stage.read(lambda stored: [stored.agreements.in_force(kind, language) for language in ("zh-CN", "en")])
    texts = [(before, f"{before.text}{version}\n") for before in found if before is not None]
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("UPDATE agreements SET state = 'superseded' WHERE kind = ?", (kind.value,))

    def job(uow: UnitOfWork) -> None:
        for before, text in texts:
            uow.agreements.add(
                replace(
                    before,
                    version=version,
                    text=text,
                    text_hash=hash_text(text),
                    change_class=change,
                    in_force_from=now,
                )
            )

    stage.write(job)
