"""The eraser over SQL: for each table that holds an account's rows one statement, each led by an index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Table, bindparam, delete, literal_column, null, or_, select, tuple_, update
from typing_extensions import override

from eztong.adapters.storage.sql.attested import Stubs
from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.statements import Database, Statement
from eztong.adapters.storage.sql.tables.access.devices import devices
from eztong.adapters.storage.sql.tables.access.passkeys import passkey_challenges, passkeys
from eztong.adapters.storage.sql.tables.access.pins import pins
from eztong.adapters.storage.sql.tables.access.sessions import otp_challenges, sessions
from eztong.adapters.storage.sql.tables.agreements import acceptances
from eztong.adapters.storage.sql.tables.assistance.assistances import assistances
from eztong.adapters.storage.sql.tables.budgets import budgets
from eztong.adapters.storage.sql.tables.cases.cases import case_evidence, case_steps, cases
from eztong.adapters.storage.sql.tables.codes.codes import code_attempts, replay_warnings
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.contact.phone_changes import phone_changes
from eztong.adapters.storage.sql.tables.eid.eid_flows import eid_flows
from eztong.adapters.storage.sql.tables.feedback import ticket_messages, tickets
from eztong.adapters.storage.sql.tables.grants import grants, partner_switches
from eztong.adapters.storage.sql.tables.guardianship.guardianships import guardianships
from eztong.adapters.storage.sql.tables.holders import holder_events, holders, persons
from eztong.adapters.storage.sql.tables.inbox import inbox
from eztong.adapters.storage.sql.tables.jobs import jobs
from eztong.adapters.storage.sql.tables.notices.choices import freeze_links, notice_choices
from eztong.adapters.storage.sql.tables.notices.emails import holder_emails
from eztong.adapters.storage.sql.tables.notices.notices import holder_notices
from eztong.adapters.storage.sql.tables.operators.applications import application_steps
from eztong.adapters.storage.sql.tables.own_data.corrections import corrections
from eztong.adapters.storage.sql.tables.own_data.phrases import holder_phrases
from eztong.adapters.storage.sql.tables.policy.decisions import policy_decisions
from eztong.adapters.storage.sql.tables.recoveries import recoveries
from eztong.adapters.storage.sql.tables.reports import reports
from eztong.adapters.storage.sql.tables.requests import requests
from eztong.adapters.storage.sql.tables.restrictions.restrictions import identity_documents, restrictions
from eztong.adapters.storage.sql.tables.talks.talks import talks
from eztong.domain.grants import GrantState
from eztong.domain.jobs.job import JobEnd, JobKind
from eztong.domain.talks.talk import TalkStage, WhyFailed
from eztong.ports.storage.deregistration.erasure import ErasureRepository, Leaver

_HOLDER: BindParameter[str] = bindparam("of_holder")
_PHONE: BindParameter[bytes] = bindparam("of_phone")
_NOTHING: BindParameter[bytes] = bindparam("nothing")
_OWN_SESSIONS = select(sessions.c.session_hash).where(sessions.c.holder_id == _HOLDER)
_OWN_TICKETS = select(tickets.c.ticket_id).where(tickets.c.holder_id == _HOLDER)
_ANSWERED = select(verifications.c.partner_id, verifications.c.request_id).where(
    verifications.c.holder_id == _HOLDER, verifications.c.request_id.is_not(None)
)
_ANSWERED_IDS = select(verifications.c.request_id).where(
    verifications.c.holder_id == _HOLDER, verifications.c.request_id.is_not(None)
)
# Written out, so that no parameter stands where the statements' own ones are counted.
_ASIDE_IDS = select(jobs.c.key).where(
    jobs.c.holder_id == _HOLDER, jobs.c.kind == literal_column(f"'{JobKind.REFUSAL.value}'")
)
_REQUEST = (requests.c.partner_id, requests.c.request_id)
_IS_OPEN = tickets.c.state != literal_column("'closed'")
_IS_GRANTED = grants.c.state == literal_column(f"'{GrantState.GRANTED.value}'")


def _of_holder(table: Table) -> Statement:
    return Statement(delete(table).where(table.c.holder_id == _HOLDER))


def _leaves(table: Table) -> Stubs:
    return Stubs(table, table.c.holder_id == _HOLDER)


# Message codes and passkey challenges are found by the sessions, and so go before them.
_ALWAYS: Final[Mapping[str, tuple[Statement, ...]]] = {
    "otp_challenges": (
        Statement(
            delete(otp_challenges).where(
                or_(
                    otp_challenges.c.session_hash.in_(_OWN_SESSIONS),
                    # Also one that went to a phone that was only being proved.
                    otp_challenges.c.holder_id == _HOLDER,
                )
            )
        ),
    ),
    "passkey_challenges": (
        Statement(delete(passkey_challenges).where(passkey_challenges.c.session_hash.in_(_OWN_SESSIONS))),
    ),
    "sessions": (_of_holder(sessions),),
    "devices": (_of_holder(devices),),
    "passkeys": (_of_holder(passkeys),),
    "pins": (_of_holder(pins),),
    "recoveries": (_of_holder(recoveries),),
    "partner_switches": (_of_holder(partner_switches),),
    "replay_warnings": (_of_holder(replay_warnings),),
    "grants": (
        Statement(
            update(grants)
            .where(grants.c.holder_id == _HOLDER, _IS_GRANTED)
            .values(state=literal_column(f"'{GrantState.WITHDRAWN.value}'"), withdrawn_at=bindparam("moment"))
        ),
    ),
    "requests": (
        Statement(update(requests).where(tuple_(*_REQUEST).in_(_ANSWERED)).values(reference=null())),
        Statement(
            update(requests)
            .where(requests.c.request_id.in_(_ASIDE_IDS), requests.c.aside_for == _HOLDER)
            .values(aside_for=null(), declines_at=null())
        ),
    ),
    "eid_flows": (
        Statement(
            update(eid_flows)
            .where(eid_flows.c.request_id.in_(_ANSWERED_IDS))
            .values(
                sealed_settings=_NOTHING,
                des_key=literal_column("''"),
                user_info=literal_column("''"),
                sealed_confirmations=null(),
            )
        ),
    ),
    "acceptances": (
        Statement(update(acceptances).where(acceptances.c.holder_id == _HOLDER).values(sealed_context=_NOTHING)),
    ),
    "ticket_messages": (Statement(delete(ticket_messages).where(ticket_messages.c.ticket_id.in_(_OWN_TICKETS))),),
    "tickets": (
        Statement(
            update(tickets)
            .where(tickets.c.holder_id == _HOLDER, _IS_OPEN)
            .values(state=literal_column("'closed'"), closed_at=bindparam("moment"))
        ),
    ),
    "talks": (
        Statement(
            update(talks)
            .where(talks.c.ticket_id.in_(_OWN_TICKETS), talks.c.ended_at.is_(None))
            .values(
                stage=literal_column(f"'{TalkStage.FAILED.value}'"),
                why_failed=literal_column(f"'{WhyFailed.LEFT.value}'"),
                ended_at=bindparam("moment"),
            )
        ),
    ),
    "reports": (Statement(update(reports).where(reports.c.holder_id == _HOLDER).values(sealed_note=null())),),
    "jobs": (
        Statement(
            update(jobs)
            .where(jobs.c.holder_id == _HOLDER, jobs.c.ended_at.is_(None))
            .values(
                ended_at=bindparam("moment"),
                ended_as=literal_column(f"'{JobEnd.WITHDRAWN.value}'"),
                leased_until=null(),
            )
        ),
        Statement(update(jobs).where(jobs.c.holder_id == _HOLDER).values(sealed=_NOTHING)),
    ),
    "phone_changes": (_of_holder(phone_changes),),
    "corrections": (_of_holder(corrections),),
    "holder_phrases": (_of_holder(holder_phrases),),
    "guardianships": (
        Statement(
            delete(guardianships).where(or_(guardianships.c.ward_id == _HOLDER, guardianships.c.guardian_id == _HOLDER))
        ),
    ),
    "assistances": (
        Statement(
            delete(assistances).where(or_(assistances.c.elder_id == _HOLDER, assistances.c.helper_id == _HOLDER))
        ),
    ),
    "restrictions": (
        _of_holder(restrictions),
        # Nothing but marks writes these two columns of the account's row.
        Statement(update(holders).where(holders.c.holder_id == _HOLDER).values(ceiling=null(), mark_changes=null())),
    ),
    "identity_documents": (_of_holder(identity_documents),),
    "holder_notices": (_of_holder(holder_notices),),
    "holder_emails": (_of_holder(holder_emails),),
    "notice_choices": (_of_holder(notice_choices),),
    "freeze_links": (_of_holder(freeze_links),),
    "application_steps": (_of_holder(application_steps),),
    "policy_decisions": (_of_holder(policy_decisions),),
    "persons": (
        Statement(
            delete(persons).where(persons.c.number_index == bindparam("of_number"), persons.c.holder_id == _HOLDER)
        ),
    ),
}
_UNLESS_HELD: Final[Mapping[str, tuple[Statement, ...]]] = {
    "holder_events": (_of_holder(holder_events),),
    "code_attempts": (_of_holder(code_attempts),),
    "case_steps": (_of_holder(case_steps),),
    "case_evidence": (_of_holder(case_evidence),),
    "cases": (_of_holder(cases),),
}
_OF_PHONE: Final[Mapping[str, tuple[Statement, ...]]] = {
    "otp_challenges": (Statement(delete(otp_challenges).where(otp_challenges.c.phone_index == _PHONE)),),
    "inbox": (Statement(delete(inbox).where(inbox.c.phone_index == _PHONE)),),
}
_SUBJECT: Final[Mapping[str, tuple[Statement, ...]]] = {
    "budgets": (Statement(delete(budgets).where(budgets.c.subject == bindparam("of_subject"))),),
}
_STUBS: Final[Mapping[str, Stubs]] = {"code_attempts": _leaves(code_attempts)}
"""Of the tables whose rows are removed, what leaves the stubs of those that are evidence."""

REACHED: Final = frozenset().union(_ALWAYS, _UNLESS_HELD, _OF_PHONE, _SUBJECT)
"""The tables that the eraser changes; the account's own row is changed by its repository."""


class SqlErasure(ErasureRepository):
    """Erases over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def erase(self, leaver: Leaver, *, now: datetime) -> None:
        # A hash that the account does not have is nobody's.
        params = {
            "of_holder": leaver.holder_id,
            "of_phone": leaver.phone_index or b"",
            "of_number": leaver.number_index or b"",
            "moment": to_ms(now),
            "nothing": b"",
        }
        self._run(_ALWAYS, params)
        if not leaver.held:
            self._run(_UNLESS_HELD, params)
        if leaver.phone_index is not None and not leaver.phone_is_shared:
            self._run(_OF_PHONE, params)
        for receiver in leaver.receivers:
            self._run(_OF_PHONE, {"of_phone": receiver})
        for subject in leaver.budget_subjects:
            self._run(_SUBJECT, {"of_subject": subject})

    def _run(self, statements: Mapping[str, tuple[Statement, ...]], params: Mapping[str, Any]) -> None:
        for name, of_table in statements.items():
            if name in _STUBS:
                _STUBS[name].leave(self._db, params)
            for statement in of_table:
                self._db.run(statement, params)
