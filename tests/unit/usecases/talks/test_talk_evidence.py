"""The bundle of talks: contract, words of both sides, what was attested, named records, nobody else (clause 5.2)."""

from __future__ import annotations

import json

import pytest

from eztong.domain.canonical_json import recanonicalise
from eztong.domain.disputes.verify_bundle import verify_bundle
from eztong.domain.errors import NotFound, ProofInvalid
from eztong.domain.evidence.attested_act import act_commitment
from eztong.domain.feedback.ticket import TicketUnknown
from eztong.domain.talks.talk import TalkUnknown
from eztong.gm.sm3 import sm3
from eztong.usecases.talks.give_talk_evidence import give_talk_evidence
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.disputes.acts import by_hand, replay, use
from tests.unit.usecases.stage import LI, WANG, Stage
from tests.unit.usecases.talks.acts import (
    ASKED,
    NOBODY,
    OFFERED,
    SECRET,
    accept,
    evidence,
    forget,
    leave_off,
    open_one,
    own,
    propose,
)


def test_a_settlement_is_shown_with_the_contract_and_every_word(stage: Stage) -> None:
    stage.deploy(place_of_signing="北京市海淀区")
    ticket = open_one(stage)
    accept(stage, own(ticket), propose(stage, ticket).proposal)
    found = evidence(stage, own(ticket))
    record = found.record
    assert (record["id"], record["partner"], record["number"]) == (ticket.ticket_id, None, ticket.number)
    assert (record["stage"], record["why_failed"]) == ("settled", None)
    assert record["court"] == {"clause": "5.2", "place_of_signing": "北京市海淀区"}
    assert [(one["by"], one["text"]) for one in record["words"]] == [("asker", ASKED), ("service", OFFERED)]
    assert [one["move"] for one in record["steps"]] == ["opened", "proposed", "accepted"]
    assert [one["kind"] for one in record["acts"]] == ["talk_proposed", "talk_settled"]
    assert [found.proofs[f"act-{n}"].document["kind"] for n in (1, 2)] == ["talk_proposed", "talk_settled"]
    accepted = {one.document["text_hash"] for name, one in found.proofs.items() if name.startswith("acceptance-")}
    documents = record["agreements"]["documents"]
    assert all(sm3(one["text"].encode()).hex() == one["text_hash"] for one in documents)
    assert accepted <= {one["text_hash"] for one in documents}
    assert len(accepted) == 2


def test_the_signed_acts_commit_to_what_was_proposed_and_accepted(stage: Stage) -> None:
    ticket = open_one(stage)
    accept(stage, own(ticket), propose(stage, ticket).proposal)
    found = evidence(stage, own(ticket))
    kept = stage.read(lambda stored: stored.acts.of_subject(ticket.ticket_id))
    for place, one in enumerate(kept, start=1):
        document = found.proofs[f"act-{place}"].document
        assert document["reason"] == act_commitment("reason", OFFERED, salt=one.salt)
        assert document["subject"] == act_commitment("subject", ticket.ticket_id, salt=one.salt)


def test_asked_again_it_is_the_same_file_until_something_happens(stage: Stage) -> None:
    ticket = open_one(stage)
    first = give_talk_evidence(own(ticket), services=stage.services)
    assert give_talk_evidence(own(ticket), services=stage.services).file == first.file
    leave_off(stage, own(ticket))
    assert give_talk_evidence(own(ticket), services=stage.services).file != first.file
    assert first.file_name == f"eztong-evidence-{ticket.ticket_id}.json"
    assert [one.kind.value for one in stage.events()].count("bundle_made") == 2


def test_named_records_are_in_it_as_their_own_bundles_show_them(stage: Stage) -> None:
    attempt, verification = replay(stage), use(stage)
    ticket = open_one(stage, records=(verification, attempt))
    found = evidence(stage, own(ticket))
    assert [one["id"] for one in found.record["records"]] == [verification, attempt]
    assert found.proofs["result-1"].document["id"] == verification
    assert found.proofs["refused-try-2"].document["id"] == attempt
    assert found.record["records"][0]["partner_name"]


def test_nobody_names_or_reads_what_is_not_theirs(stage: Stage) -> None:
    verification = use(stage)
    with pytest.raises(NotFound):
        open_one(stage, session=WANG.session, records=(verification,))
    ticket = open_one(stage)
    with pytest.raises(TicketUnknown):
        give_talk_evidence(own(ticket, session=WANG.session), services=stage.services)
    text = give_talk_evidence(own(ticket), services=stage.services).file
    for value in (LI.name, LI.number, LI.phone, "li.na"):
        assert value.encode() not in text


def test_of_who_has_no_account_it_names_no_acceptance(stage: Stage) -> None:
    ticket = open_one(stage, session=NOBODY)
    leave_off(stage, own(ticket, secret=SECRET, session=NOBODY), "没有诚意。")
    found = evidence(stage, own(ticket, secret=SECRET, session=NOBODY))
    assert sorted(found.proofs) == ["act-1"]
    assert (found.manifest.document.get("holder"), found.manifest.document["missing"]) == (None, {})
    assert found.record["agreements"]["documents"]


def test_after_leaving_it_still_shows_what_was_signed_and_says_that_the_words_are_gone(stage: Stage) -> None:
    verification, attempt = use(stage), replay(stage)
    ticket = open_one(stage, secret="5" * 16, records=(verification, attempt))
    propose(stage, ticket)
    leave(stage)
    found = evidence(stage, own(ticket, secret="5" * 16, session=NOBODY))
    assert (found.record["stage"], found.record["why_failed"]) == ("failed", "left")
    assert found.record["words"] == []
    assert {"act-1", "acceptance-service"} <= set(found.proofs)
    assert found.manifest.document["missing"] == {"record-2": "not_kept"}
    assert found.proofs["result-1"].document["id"] == verification


def test_what_was_never_attested_or_is_not_kept_is_named_or_left_out(stage: Stage) -> None:
    attempt = replay(stage)
    ticket = open_one(stage, records=(attempt,))
    by_hand(stage, "UPDATE code_attempts SET document = NULL, batch_id = NULL, leaf_index = NULL, salt = NULL")
    by_hand(stage, "DELETE FROM agreement_sets")
    found = evidence(stage, own(ticket))
    assert found.manifest.document["missing"] == {"refused-try-1": "not_attested"}
    assert found.record["agreements"] is None


def test_other_tickets_have_no_such_file(stage: Stage) -> None:
    ticket = open_one(stage)
    forget(stage)
    with pytest.raises(TalkUnknown):
        give_talk_evidence(own(ticket), services=stage.services)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("record", OFFERED, "我们道歉，并赔偿二元。"),
        ("act-1", '"kind":"talk_proposed"', '"kind":"talk_settled"'),
        ("manifest", '"for":"holder"', '"for":"partner"'),
    ],
)
def test_one_changed_word_fails_and_the_part_is_named(stage: Stage, part: str, old: str, new: str) -> None:
    ticket = open_one(stage)
    propose(stage, ticket)
    file = json.loads(give_talk_evidence(own(ticket), services=stage.services).file)
    target = file["manifest"] if part == "manifest" else file["parts"][part]
    forged = json.loads(json.dumps(target, ensure_ascii=False, separators=(",", ":")).replace(old, new))
    assert forged != target
    if part == "manifest":
        file["manifest"] = forged
    else:
        file["parts"][part] = forged
    keys = {key.key_id: key for key in stage.keys.published()}
    with pytest.raises(ProofInvalid, match=f"^{part}: "):
        verify_bundle(recanonicalise(file), keys=keys)
