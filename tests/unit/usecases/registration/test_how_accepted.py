"""What a receipt says of how a text was accepted, as it stood at the press."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from eztong.domain.agreement_sets.clause_mark import ClauseMark, Effect, MarkState
from eztong.domain.agreements import AgreementKind
from eztong.domain.incidents.incident import Bilingual
from eztong.usecases.registration.accept_agreements import AcceptAgreements, accept_agreements
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import ZHAO, Stage, accepting


def mark(number: int, clause: str, state: MarkState) -> ClauseMark:
    return ClauseMark(
        mark_id=f"mrk_{number}",
        kind=AgreementKind.SERVICE,
        version="1.2",
        clause=clause,
        effect=Effect.SUSPENDED,
        since=START,
        reason=Bilingual("停", "off"),
        state=state,
        made_by="li",
        made_at=START,
    )


def documents(stage: Stage, command: AcceptAgreements) -> dict[str, dict[str, Any]]:
    holder_id = stage.act(accept_agreements, command)
    rows = stage.select("SELECT kind, document FROM acceptances WHERE holder_id = ?", holder_id)
    return {str(kind): json.loads(document) for kind, document in rows}


def test_the_receipt_names_set_rules_ticks_and_the_time_on_the_page(stage: Stage) -> None:
    command = replace(accepting(stage, ZHAO.session), read_to_end=frozenset({AgreementKind.SERVICE}))
    found = documents(stage, command)
    for kind, document in found.items():
        assert (document["set"], document["by"], document["shown"]) == (1, "holder", "page")
        assert document["ticks"] == ["authorisation", "service"]
        assert document["read_to_end"] is (kind == "service")
        assert document["dwell_ms"] >= 0
        assert [rule["document"] for rule in document["rules"]] == ["privacy", "children", "scenes"]
        assert document["severed"] == []
        assert command.context not in json.dumps(document)
    assert found["service"]["context"] != found["authorisation"]["context"]


def test_only_marks_that_stand_on_this_text_are_named(stage: Stage) -> None:
    marks = [
        mark(1, "2.9", MarkState.STANDING),
        mark(2, "2.8", MarkState.LIFTED),
        mark(3, "2.7", MarkState.PROPOSED),
    ]
    stage.write(lambda uow: [uow.clause_marks.add(one) for one in marks])
    found = documents(stage, accepting(stage, ZHAO.session))
    assert [(one["clause"], one["effect"]) for one in found["service"]["severed"]] == [("2.9", "suspended")]
    assert found["authorisation"]["severed"] == []
