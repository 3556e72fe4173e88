"""Write the audit: the intent of an act before it, its outcome with it, a refusal after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eztong.domain.canonical_json import render_canonical
from eztong.domain.events import Actor
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.audit import (
    ENTRY_PREFIX,
    SALT_BYTES,
    AuditEntry,
    AuditStep,
    audit_document,
    plain_subject,
)
from eztong.domain.portal.person import AT
from eztong.ports.act import Act
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What an entry says beside who acts, where, when and in which connection: the act knows those."""

    step: AuditStep
    what: str
    roles: Collection[str] = ()
    subject: str = ""
    error: str = ""
    change: str = ""


def note_audit(act: Act, audited: Audited) -> AuditEntry:
    """Store an entry and make its document a leaf of this commit's batch; of what was typed only that it was."""
    entry = AuditEntry(
        entry_id=new_id(act, ENTRY_PREFIX),
        at=act.now,
        step=audited.step,
        what=audited.what,
        operator=act.by.name,
        roles=frozenset(str(role) for role in audited.roles),
        door=act.by.door,
        correlation=act.by.correlation,
        subject=plain_subject(audited.subject),
        error=audited.error,
        change=audited.change,
        salt=act.entropy.token(SALT_BYTES),
    )
    document = render_canonical(audit_document(entry))
    leaf = act.uow.attest(document)
    act.uow.audit.add(entry, document=document, batch_id=leaf.batch_id, leaf_index=leaf.index)
    return entry


def note_intent(act: Act, what: str, subject: str = "") -> None:
    """Put on record what somebody is about to do; who they may be now is found out when it is done."""
    note_audit(act, Audited(step=AuditStep.INTENDED, what=what, roles=roles_of(act), subject=subject))


def note_not_done(act: Act, step: AuditStep, what: str, *, subject: str, error: str) -> None:
    """Put on record that what was intended was refused, or failed; ``error`` is its code."""
    note_audit(act, Audited(step=step, what=what, roles=roles_of(act), subject=subject, error=error))


def roles_of(act: Act) -> Collection[str]:
    """Return the roles of whoever acts: an operator, or a partner's person at the portal; none of nobody."""
    if act.by.actor is not Actor.PARTNER:
        operator = act.uow.operators.get(act.by.name)
        return () if operator is None else operator.roles
    name, _, partner_id = act.by.name.partition(AT)
    person = act.uow.portal.get(PartnerId(partner_id), name)
    return () if person is None else (person.role,)
