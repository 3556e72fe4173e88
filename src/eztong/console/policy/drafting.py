"""The next version of the policy: set rule by rule, tried on past decisions in counts, and proposed (clause 2.1)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from eztong.console.policy.versions import HOME, rules_of
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.operators.permission import Permission
from eztong.domain.policy.document import MOST_BYTES, POLICY_FORMAT, REGIONS, parse_policy
from eztong.domain.policy.policy import ADJUSTABLE, Policy, Takes
from eztong.domain.policy.simulation import Simulation
from eztong.usecases.policy.policy_in_force import policy_in_force
from eztong.usecases.policy.publish_policy import ProposePolicy, propose_policy
from eztong.usecases.policy.simulate_policy import simulate_policy

DRAFT: Final = f"{HOME}/draft"
TRIED_BACK: Final = timedelta(days=90)
"""How far back the console tries a version; the command tries any span."""

SILENT: Final = ""
TRY: Final = "try"


def show(visit: Visit) -> Response:
    """Show the form, filled in with the version in force."""
    return _page(visit)


def propose(visit: Visit) -> Response:
    """Try what was typed on past decisions, or propose it; nothing is decided by it before another operator approves.

    Only counts are shown of a try: no application is named.
    """
    try:
        policy = parse_policy(json.dumps(_document(visit), ensure_ascii=False).encode())
        if visit.form.get("act") == TRY:
            with visit.services.store.read() as stored:
                since = visit.now - TRIED_BACK
                found = simulate_policy(policy, since=since, stored=stored, keys=visit.services.keys)
            return _page(visit, tried=found)
        command = ProposePolicy(policy=policy, reason=visit.form.get("reason", ""))
        _, made = visit.audited(
            lambda: visit.services.perform(visit.acting, propose_policy, command), subject=policy.version
        )
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{made.proposal_id}")


def _document(visit: Visit) -> dict[str, Any]:
    """Return what was typed as a version's document, which is then read as strictly as a file."""
    form = visit.form
    rules: dict[str, Any] = {}
    for rule_id, kind in ADJUSTABLE.items():
        does = form.get(rule_id, SILENT)
        if does == SILENT:
            continue
        rule: dict[str, Any] = {"does": does}
        typed = form.get(f"{rule_id}_of", "").strip()
        if kind.takes in {Takes.AGE, Takes.APPROVALS}:
            is_number = typed.isascii() and typed.isdigit() and len(typed) < len("100000000")
            rule[kind.takes.value] = int(typed) if is_number else -1
        elif kind.takes is not Takes.NOTHING:
            rule[kind.takes.value] = typed.replace(",", " ").replace("，", " ").split()[:MOST_BYTES]
        rules[rule_id] = rule
    document: dict[str, Any] = {"format": POLICY_FORMAT, "version": form.get("version", "").strip(), "rules": rules}
    day = form.get("valid_from", "").strip()
    return document | ({"valid_from": day} if day else {})


def _page(visit: Visit, *, error: EztongError | None = None, tried: Simulation | None = None) -> Response:
    with visit.services.store.read() as stored:
        current = policy_in_force(stored=stored, now=visit.now)
    typed = dict(visit.form) if visit.form and not visit.is_again else _typed(current)
    return visit.form_page(
        "policy/drafting.html",
        because=error,
        current=current,
        rules=rules_of(current),
        kinds=ADJUSTABLE,
        typed=typed,
        tried=tried,
        changed=[] if tried is None else sorted(tried.changed.items(), key=lambda one: -len(one[1])),
        days=TRIED_BACK.days,
        regions=" ".join(sorted(REGIONS)),
        may_draft=visit.may(Permission.POLICY_DRAFT),
    )


def _typed(policy: Policy) -> dict[str, str]:
    """Return what the form begins with: what the version in force sets."""
    found = {"version": "", "valid_from": "", "reason": ""}
    for rule_id, rule in policy.rules.items():
        found[rule_id] = rule.does.value
        found[f"{rule_id}_of"] = (
            " ".join(rule.values) if rule.values else "" if rule.number is None else str(rule.number)
        )
    return found
