"""What a receipt says of how a text was accepted: the page as it stood, the ticks, who acted (P-4, 5.5, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.agreement_sets.clause_mark import MarkState
from eztong.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    HowAccepted,
    RuleKind,
    ShownMark,
    ShownRule,
)
from eztong.domain.canonical_json import render_time
from eztong.ports.act import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What came with the press: the ticks, of which texts the end was in view, and address and browser."""

    ticked: frozenset[AgreementKind]
    read_to_end: frozenset[AgreementKind]
    context: str


def how_accepted(act: Act, agreement: Agreement, press: Press) -> HowAccepted:
    """Return what the receipt of ``agreement`` says beside its text: set, rules and marks as they stand now."""
    sets = act.uow.agreement_sets.list()
    number = next((one.number for one in sets if one.state is AgreementState.IN_FORCE), None)
    rules = (act.uow.agreements.in_force(kind, agreement.language) for kind in RuleKind if kind is not RuleKind.NOTICE)
    marks = act.uow.clause_marks.of_text(agreement.kind, agreement.version)
    return HowAccepted(
        by=act.by.actor.value,
        ticks=tuple(press.ticked),
        context=press.context,
        set_number=number,
        read_to_end=agreement.kind in press.read_to_end,
        rules=tuple(
            ShownRule(document=rule.kind.value, version=rule.version, text_hash=rule.text_hash)
            for rule in rules
            if rule is not None
        ),
        marks=tuple(
            ShownMark(clause=mark.clause, effect=mark.effect.value, since=render_time(mark.since))
            for mark in marks
            if mark.state is MarkState.STANDING
        ),
    )
