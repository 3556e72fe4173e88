"""The document of a policy's version: a closed JSON object, read strictly and written in one form (clause 2.1).

``docs/operations.md`` shows one. What is not named there is refused with the place and the reason; what a version may
set is :data:`eztong.domain.policy.policy.ADJUSTABLE`.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final

from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_canonical
from eztong.domain.identity.age import SHANGHAI, read_day
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.identity.regions import HONG_KONG_RESIDENCE, MACAU_RESIDENCE, PROVINCES, TAIWAN_RESIDENCE
from eztong.domain.policy.policy import (
    ADJUSTABLE,
    DECADE,
    FIXED,
    LEAST_AGE,
    MOST_AGE,
    MOST_APPROVALS,
    Adjustable,
    Policy,
    PolicyInvalid,
    Rule,
    RuleFixed,
    Takes,
)
from eztong.domain.registration import Verdict
from eztong.gm.sm3 import sm3

POLICY_FORMAT: Final = "eztong/application-policy/v1"
MOST_BYTES: Final = 20_000
_NAME: Final = re.compile(r"[0-9a-z][0-9a-z.-]{0,19}")
_MEMBERS: Final = frozenset({"format", "version", "valid_from", "rules"})
REGIONS: Final = frozenset(PROVINCES) | {one[:2] for one in (HONG_KONG_RESIDENCE, MACAU_RESIDENCE, TAIWAN_RESIDENCE)}
"""The first two digits that a rule may name."""

_KNOWN: Final = {Takes.DOCUMENTS: frozenset(one.value for one in DocumentType), Takes.REGIONS: REGIONS}


def parse_policy(text: bytes) -> Policy:
    """Read a version.

    Raises:
        PolicyInvalid: it is no such document; the words say where.
        RuleFixed: it names a rule that no version sets.
    """
    if len(text) > MOST_BYTES:
        raise PolicyInvalid(f"A version has at most {MOST_BYTES} bytes.")
    try:
        said = parse_document(text)
    except DocumentMalformed as error:
        raise PolicyInvalid(error.detail) from error
    if said.get("format") != POLICY_FORMAT:
        raise PolicyInvalid(f'A version begins with "format": "{POLICY_FORMAT}".')
    _check_members(said, _MEMBERS, where="the document")
    rules = said.get("rules", {})
    if not isinstance(rules, dict):
        raise PolicyInvalid("rules: an object with the numbers of rules is needed.")
    return Policy(
        version=_name(said.get("version")),
        valid_from=_day(said.get("valid_from")),
        rules={rule_id: _rule(rule_id, rules[rule_id]) for rule_id in sorted(rules)},
    )


def render_policy(policy: Policy) -> bytes:
    """Return the one form of a version, which is stored, hashed and proposed."""
    return render_canonical(policy_document(policy))


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return the document of a version: what it says itself, not what holds by its silence."""
    day = None if policy.valid_from is None else policy.valid_from.astimezone(SHANGHAI).date().isoformat()
    rules = {rule_id: _described(rule_id, rule) for rule_id, rule in policy.rules.items()}
    return {"format": POLICY_FORMAT, "version": policy.version, "valid_from": day, "rules": rules}


def policy_hash(policy: Policy) -> str:
    """Return the SM3 of :func:`render_policy` in hex: what two operators publish."""
    return sm3(render_policy(policy)).hex()


def _described(rule_id: str, rule: Rule) -> dict[str, Any]:
    takes = ADJUSTABLE[rule_id].takes
    more: dict[str, Any] = {}
    if takes is not Takes.NOTHING:
        more[takes.value] = list(rule.values) if takes in _KNOWN else rule.number
    return {"does": rule.does.value, **more}


def _name(said: object) -> str:
    if not isinstance(said, str) or not _NAME.fullmatch(said):
        raise PolicyInvalid("version: a name of at most 20 small letters, digits, dots and dashes is needed.")
    return said


def _day(said: object) -> datetime | None:
    if said is None:
        return None
    try:
        day = read_day(said) if isinstance(said, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != said:
        raise PolicyInvalid("valid_from: a day such as 2027-01-15 is needed, or null for as soon as it is approved.")
    return datetime.combine(day, time(), SHANGHAI)


def _rule(rule_id: str, said: object) -> Rule:
    if rule_id in FIXED:
        raise RuleFixed(f"{rule_id} is not a version's to set: {FIXED[rule_id]}.")
    kind = ADJUSTABLE.get(rule_id)
    if kind is None:
        raise PolicyInvalid(f"{rule_id}: there is no such rule; a version sets {', '.join(ADJUSTABLE)}.")
    if not isinstance(said, dict):
        raise PolicyInvalid(f"{rule_id}: an object is needed.")
    takes = kind.takes
    _check_members(said, {"does"} | ({takes.value} if takes is not Takes.NOTHING else set()), where=rule_id)
    does = _does(rule_id, kind, said.get("does"))
    if takes is Takes.NOTHING:
        return Rule(does=does)
    if takes in _KNOWN:
        return Rule(does=does, values=_values(rule_id, takes, said.get(takes.value)))
    return Rule(does=does, number=_number(rule_id, takes, said.get(takes.value)))


def _does(rule_id: str, kind: Adjustable, said: object) -> Verdict:
    found = next((one for one in kind.may if one.value == said), None)
    if found is None:
        raise PolicyInvalid(f"{rule_id}: does is {' or '.join(sorted(kind.may))}; it hits {kind.what}.")
    return found


def _values(rule_id: str, takes: Takes, said: object) -> tuple[str, ...]:
    known = _KNOWN[takes]
    if not isinstance(said, list) or not said or not all(isinstance(one, str) and one in known for one in said):
        raise PolicyInvalid(f"{rule_id}: {takes.value} is a list of some of {', '.join(sorted(known))}.")
    return tuple(sorted(set(said)))


def _number(rule_id: str, takes: Takes, said: object) -> int:
    number = said if isinstance(said, int) and not isinstance(said, bool) else -1
    if takes is Takes.AGE:
        if not LEAST_AGE <= number <= MOST_AGE or number % DECADE:
            raise PolicyInvalid(f"{rule_id}: age is a whole decade from {LEAST_AGE} to {MOST_AGE} years.")
    elif not 0 <= number <= MOST_APPROVALS:
        raise PolicyInvalid(f"{rule_id}: approvals is a whole number from 0 to {MOST_APPROVALS}.")
    return number


def _check_members(said: dict[str, Any], known: frozenset[str] | set[str], *, where: str) -> None:
    if unknown := said.keys() - known:
        raise PolicyInvalid(f"{where}: {min(unknown)} is not known there.")
