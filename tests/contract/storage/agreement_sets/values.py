"""One value of each kind of what sets of agreements are made of: ``full`` with every field filled."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.agreement_sets.agreement_set import AgreementSet, Member
from eztong.domain.agreement_sets.clause_mark import ClauseMark, Effect, MarkState
from eztong.domain.agreements import AgreementKind, AgreementState, ChangeClass, RuleKind
from eztong.domain.incidents.incident import Bilingual
from tests.contract.storage.stage import at, make


def agreement_set(number: int = 1, *, full: bool = False, state: AgreementState | None = None) -> AgreementSet:
    bare = AgreementSet(
        set_id=make("set", number),
        number=number,
        state=state or AgreementState.DRAFT,
        in_force_from=at(number),
        members=(Member(kind=AgreementKind.SERVICE, version="1.0"),),
        made_at=at(number),
    )
    if not full:
        return bare
    return replace(
        bare,
        members=(
            Member(kind=AgreementKind.SERVICE, version="1.0", change_class=ChangeClass.B, grace_until=at(900)),
            Member(kind=RuleKind.PRIVACY, version="1.0"),
            Member(kind=RuleKind.NOTICE, version="2026-1", change_class=ChangeClass.C),
            Member(kind=RuleKind.NOTICE, version="2026-2"),
        ),
        changes=Bilingual("改了", "Changed"),
        printed="{}",
        made_by="li.na",
        published_at=at(number + 1),
    )


def clause_mark(number: int = 1, *, full: bool = False, clause: str = "2.9") -> ClauseMark:
    bare = ClauseMark(
        mark_id=make("mrk", number),
        kind=AgreementKind.SERVICE,
        version="1.0",
        clause=clause,
        effect=Effect.VOID,
        since=at(number),
        reason=Bilingual("无效", "Void"),
        made_by="li.na",
        made_at=at(number),
    )
    return replace(bare, state=MarkState.LIFTED, effect=Effect.SUSPENDED, lifted_at=at(number + 9)) if full else bare
