"""Keep what the policy decided with what it looked at, and read it back (clause 2.1; PIPL art. 24)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.damage import StoredDamaged
from eztong.domain.errors import HolderErased
from eztong.domain.holder import Holder
from eztong.domain.policy.decide import Facts
from eztong.domain.policy.facts_record import FactsUnreadable, parse_facts, render_facts
from eztong.domain.policy.policy import Policy
from eztong.domain.policy.simulation import PastDecision
from eztong.domain.registration import Decision
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.vault import Vault, open_vault

_TABLE = "policy_decisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """By which version an application was decided, and what that looked at."""

    policy: Policy
    facts: Facts


def keep_decision(act: Act, holder: Holder, judged: Judged, decision: Decision, *, vault: Vault) -> None:
    """Store a decision; what it looked at is sealed under the application's data key, and goes with it."""
    decision_id = new_id(act, "dcn")
    facts = render_facts(judged.facts)
    act.uow.policy_decisions.add(
        PastDecision(
            holder_id=holder.holder_id,
            decision_id=decision_id,
            at=act.now,
            policy_version=judged.policy.version,
            verdict=decision.verdict,
            reason=decision.reason,
            rules=" ".join(decision.rules),
            sealed_facts=vault.seal(decision_id, facts, entropy=act.entropy, table=_TABLE),
        )
    )


def open_facts(past: PastDecision, holder: Holder, *, keys: Keys) -> bytes:
    """Return the record of what a decision looked at.

    Raises:
        HolderErased, SealedDataDamaged: it does not open.
    """
    return open_vault(holder, keys=keys).open(past.decision_id, past.sealed_facts, table=_TABLE)


def read_facts(past: PastDecision, *, stored: Repositories, keys: Keys) -> Facts | None:
    """Return what a decision looked at; None where that cannot be read any more."""
    try:
        holder = stored.holders.get(past.holder_id)
        return None if holder is None else parse_facts(open_facts(past, holder, keys=keys))
    except (HolderErased, StoredDamaged, FactsUnreadable):
        return None
