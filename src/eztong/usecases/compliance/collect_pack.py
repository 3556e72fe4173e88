"""Collect the pack for an audit of compliance: counts, rules and hashes, and no personal data (PIPL art. 54).

After the measures of 2025 on compliance audits of personal information. What stands in the pack is read as it is now;
an index names every part with its hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from eztong.domain.agreements import AgreementState
from eztong.domain.canonical_json import render_time
from eztong.domain.holder import WITH_ACCOUNT
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.posture import DUTIES, FACES_STORED, CheckFinding, reached
from eztong.domain.policy.document import policy_document, policy_hash
from eztong.domain.policy.version import standing_of
from eztong.domain.retention.kept import EMPTIED, SWEPT, period_words
from eztong.domain.retention.stays import STAYS
from eztong.gm.sm3 import sm3
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.count_acceptances import count_acceptances
from eztong.usecases.agreement_sets.publish_set import hashes_of
from eztong.usecases.jobs.sweep_old_rows import BATCH
from eztong.usecases.keys.read_inventory import read_inventory
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.retention.periods_in_force import periods_in_force

FORMAT: Final = "eztong/compliance-pack/v1"
SUBJECT: Final = "compliance-pack"
ACCESS_BACK: Final = timedelta(days=365)
"""How far back the statistics of staff's acts reach: an auditor asks about a year."""

MOST_INCIDENTS: Final = 1_000
MISSING: Final = (
    "The pack holds no personal data and no words of tickets, cases or reports: they are read in the console.",
    "It does not hold what lies outside of the service: contracts, training, rooms, hardware and networks.",
    "Impact assessments themselves are not in it: the applications of partners hold or name them.",
)
"""What whoever reads the pack should not look for in it."""

Part = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSources:
    """What the deployment brings: its name, version, tables with data classes, and findings.

    ``certificate`` is the number of the token's, or empty.
    """

    origin: str
    version: str
    catalogue: Part
    findings: Sequence[CheckFinding]
    evidence: Part
    certificate: str = ""


def note_pack(act: Act) -> None:
    """Put on record, before anything is collected, who takes the pack out.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
    """
    check_operator(act, Permission.AUDIT_EXPORT, SUBJECT)


def collect_pack(sources: PackSources, *, stored: Repositories, keys: Keys, now: datetime) -> dict[str, Part]:
    """Return the parts of the pack by their names. Every account is counted: with millions it takes seconds."""
    return {
        "data-catalogue.json": sources.catalogue,
        "retention.json": _retention(stored, now=now),
        "releases.json": _releases(stored),
        "acceptances.json": _acceptances(stored),
        "agreements.json": _agreements(stored),
        "policy.json": _policy(stored, now=now),
        "access.json": _access(stored, now=now),
        "incidents.json": _incidents(stored, now=now),
        "people.json": _people(stored),
        "evidence.json": sources.evidence,
        "cryptography.json": _keys(keys, sources.certificate),
        "checks.json": [
            {"check": one.check, "severity": one.severity.value, "found": one.message, "advice": one.advice}
            for one in sources.findings
        ],
    }


def written_pack(parts: Mapping[str, Part], sources: PackSources, *, now: datetime) -> dict[str, bytes]:
    """Return the files of the pack by their names, its index first; equal parts of one moment give equal bytes."""
    files = {name: json.dumps(part, ensure_ascii=False, indent=1).encode() + b"\n" for name, part in parts.items()}
    index = {
        "format": FORMAT,
        "origin": sources.origin,
        "version": sources.version,
        "made_at": render_time(now),
        "files": {
            name: {"bytes": len(content), "sha256": sha256(content).hexdigest(), "sm3": sm3(content).hex()}
            for name, content in sorted(files.items())
        },
        "not_in_it": list(MISSING),
    }
    first = json.dumps(index, ensure_ascii=False, indent=1).encode() + b"\n"
    return {"index.json": first, **dict(sorted(files.items()))}


def _retention(stored: Repositories, *, now: datetime) -> Part:
    ends, after = stored.retention, periods_in_force(stored=stored, now=now).after
    removed = [
        {
            "kind": kind.value,
            "table": rule.table,
            "what": rule.what,
            "after": f"{period_words(after(kind))} after {rule.since}",
            "why": rule.why,
            "beyond_it_now": len(ends.outdated(kind, before=now - after(kind), limit=BATCH)),
        }
        for kind, rule in SWEPT.items()
    ]
    emptied = [
        {
            "kind": one.value,
            "table": rule.table,
            "columns": list(rule.columns),
            "what": rule.what,
            "after": f"{period_words(after(one))} after {rule.since}",
            "why": rule.why,
            "beyond_it_now": len(ends.outlived(one, before=now - after(one), limit=BATCH)),
        }
        for one, rule in EMPTIED.items()
    ]
    note = f"beyond_it_now is counted up to {BATCH}, which one sweep takes; sweeps run all the time."
    return {"removed": removed, "emptied": emptied, "stays": dict(sorted(STAYS.items())), "note": note}


def _releases(stored: Repositories) -> Part:
    found = stored.partners.list()
    return {
        "partners": [
            {
                "partner": partner.partner_id,
                "state": partner.state.value,
                "scenes": [
                    {
                        "scene": scene.scene,
                        "purpose": scene.purpose,
                        "purpose_en": scene.purpose_en,
                        "claims": sorted(claim.value for claim in scene.claims),
                        "impact_assessment_in_application": scene.application_id,
                    }
                    for scene in stored.partners.scenes(partner.partner_id).those
                ],
            }
            for partner in found.those
        ],
        "unreadable": found.unreadable,
    }


def _acceptances(stored: Repositories) -> Part:
    found = count_acceptances(stored=stored)
    return {
        "accounts": found.accounts,
        "versions": [
            {
                "document": one.kind.value,
                "version": one.version,
                "standing": one.standing.value,
                "accounts": one.accounts,
            }
            for one in found.versions
        ],
    }


def _agreements(stored: Repositories) -> Part:
    return [
        {
            "set": one.number,
            "state": one.state.value,
            "in_force_from": render_time(one.in_force_from),
            "published_at": None if one.published_at is None else render_time(one.published_at),
            "members": [
                {"document": kind.value, "version": version, "hashes": dict(hashes)}
                for (kind, version), hashes in hashes_of(one, stored=stored).items()
            ],
        }
        for one in stored.agreement_sets.list()
        if one.state is not AgreementState.DRAFT
    ]


def _policy(stored: Repositories, *, now: datetime) -> Part:
    versions = stored.policy_versions.list()
    return {
        "versions": [
            {
                "standing": standing_of(one, versions.those, now=now).value,
                "in_force_from": None if one.in_force_from is None else render_time(one.in_force_from),
                "hash": policy_hash(one.policy),
                "document": policy_document(one.policy),
            }
            for one in versions.those
        ],
        "unreadable": versions.unreadable,
    }


def _access(stored: Repositories, *, now: datetime) -> Part:
    since = now - ACCESS_BACK
    counts = stored.audit.counts(since=since)
    return {
        "since": render_time(since),
        "acts": [{"what": one.what, "step": one.step.value, "entries": one.entries} for one in counts],
        "note": "Acts of staff by kind, from the audit; each account's own history says who saw it.",
    }


def _incidents(stored: Repositories, *, now: datetime) -> Part:
    told = [*stored.incidents.running(), *stored.incidents.past(limit=MOST_INCIDENTS)]
    reports = [*stored.incident_reports.open().those, *stored.incident_reports.closed(limit=MOST_INCIDENTS).those]
    return {
        "told": [
            {
                "id": one.incident_id,
                "kind": one.kind.value,
                "affects": [part.value for part in one.affects],
                "starts_at": render_time(one.starts_at),
                "ended_at": _time(one.end(now)),
            }
            for one in told
        ],
        "reported": [
            {
                "id": one.report_id,
                "kind": one.kind.value,
                "grade": one.grade.value,
                "noticed_at": render_time(one.noticed_at),
                "dues": [
                    {
                        "report": due.what.value,
                        "due": _time(due.at),
                        "made": _time(due.done_at),
                        "late": due.was_late or due.is_overdue(now),
                    }
                    for due in one.dues
                ],
                "closed_at": _time(one.closed_at),
            }
            for one in reports
        ],
    }


def _people(stored: Repositories) -> Part:
    counts = stored.holders.counts()
    people = sum(counts.get(state.value, 0) for state in WITH_ACCOUNT)
    return {
        "accounts": people,
        "by_state": dict(counts),
        "faces": FACES_STORED,
        "duties": [{"duty": one.name, "from": one.people, "reached": one in reached(people)} for one in DUTIES],
    }


def _keys(keys: Keys, certificate: str) -> Part:
    return [
        {
            "key": one.key,
            "purpose": one.purpose,
            "algorithm": one.algorithm.name,
            "state": one.state,
            "place": one.place.value,
            "certified": one.certified.value,
            "created_at": _time(one.created_at),
            "under": one.under,
        }
        for one in read_inventory(keys=keys, certificate=certificate)
    ]


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
