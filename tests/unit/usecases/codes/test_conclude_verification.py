"""What was granted is told, sealed where it names the holder, and nothing else; the proof of it can be rebuilt."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from msgspec.structs import replace as with_changes

from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import (
    HolderErased,
    HolderNotUsable,
    NotFound,
    ProofInvalid,
)
from eztong.domain.evidence.proof import verify_proof
from eztong.domain.grants import GrantState
from eztong.domain.holder import WrappedKey
from eztong.domain.identifiers import BatchId, VerificationId
from eztong.domain.identity.masking import mask_name
from eztong.usecases.codes.conclude_verification import open_result, partner_code_of
from eztong.usecases.codes.read_proof import acceptance_receipt, proof_file, proof_part, record_proof
from eztong.usecases.codes.verify_code import read_again
from eztong.usecases.vault import new_vault, open_vault
from tests.unit.usecases.codes.asking import PERSON_ONLY, answered, asking, grant, show
from tests.unit.usecases.stage import LI, WANG, Person, Stage

NAMED = PERSON_ONLY | {Claim.MASKED_NAME}
ADULT = PERSON_ONLY | {Claim.AGE_OVER_18}


def told(stage: Stage, wants: frozenset[Claim], person: Person = LI) -> dict[str, object]:
    answer = answered(stage, asking(stage, show(stage, person).number, wants=wants))
    document = parse_document(answer.result)
    return {"claims": document["claims"], "withheld": document["withheld"]}


def test_a_claim_without_a_grant_is_withheld_and_said_to_be(stage: Stage) -> None:
    assert told(stage, ADULT) == {"claims": {"is_person": True}, "withheld": {"age_over_18": "not_granted"}}


def test_a_granted_age_is_told_from_the_sealed_number(stage: Stage) -> None:
    grant(stage, Claim.AGE_OVER_18, Claim.AGE_OVER_14)
    assert told(stage, ADULT) == {"claims": {"is_person": True, "age_over_18": True}, "withheld": {}}


def test_a_grant_for_one_claim_tells_no_other(stage: Stage) -> None:
    grant(stage, Claim.AGE_OVER_18)
    assert told(stage, ADULT | NAMED) == {
        "claims": {"is_person": True, "age_over_18": True},
        "withheld": {"masked_name": "not_granted"},
    }


def test_grants_add_up_and_each_ends_at_its_time(stage: Stage) -> None:
    grant(stage, Claim.AGE_OVER_18, days=1, number=1)
    grant(stage, Claim.MASKED_NAME, days=2, number=2)
    both = told(stage, ADULT | NAMED)["claims"]
    assert both == {"is_person": True, "age_over_18": True, "masked_name": mask_name(LI.name)}
    stage.clock.pass_by(days=1)
    stage.unlock()
    assert told(stage, ADULT | NAMED)["withheld"] == {"age_over_18": "not_granted"}


def test_a_withdrawn_grant_tells_nothing(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18)
    stage.write(lambda uow: uow.grants.withdraw(given.holder_id, given.grant_id, now=stage.clock.now()))
    (kept,) = stage.read(lambda stored: stored.grants.of_holder(given.holder_id))
    assert kept.state is GrantState.WITHDRAWN
    assert told(stage, ADULT)["withheld"] == {"age_over_18": "not_granted"}


def test_somebody_elses_grant_and_a_grant_to_another_partner_tell_nothing(stage: Stage) -> None:
    grant(stage, Claim.AGE_OVER_18, person=WANG, number=1)
    grant(stage, Claim.AGE_OVER_18, partner_id="netcafe", number=2)
    assert told(stage, ADULT)["withheld"] == {"age_over_18": "not_granted"}


def test_a_result_that_names_the_holder_is_stored_sealed_and_read_again(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    answer = answered(stage, asking(stage, show(stage).number, wants=NAMED))
    made = answer.verification
    assert made.result is None
    assert made.claims == (Claim.IS_PERSON, Claim.MASKED_NAME)
    assert made.sealed_result is not None
    assert mask_name(LI.name).encode() in answer.result
    assert mask_name(LI.name).encode() not in made.sealed_result
    assert stage.act(read_again, made.verification_id, caller=stage.caller()).result == answer.result


def test_after_the_account_was_erased_a_result_that_named_its_holder_can_be_read_no_more(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    made = answered(stage, asking(stage, show(stage).number, wants=NAMED)).verification
    stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))
    with pytest.raises(HolderErased):
        stage.act(read_again, made.verification_id, caller=stage.caller())
    with pytest.raises(HolderErased):
        open_result(made, holder=None, keys=stage.keys)


def test_a_sealed_result_that_was_changed_or_taken_away_is_damaged(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    made = answered(stage, asking(stage, show(stage).number, wants=NAMED)).verification
    assert made.sealed_result is not None
    flipped = made.sealed_result[:-1] + bytes([made.sealed_result[-1] ^ 1])
    for damaged in (with_changes(made, sealed_result=flipped), with_changes(made, sealed_result=None)):
        with pytest.raises(SealedDataDamaged):
            open_result(damaged, holder=stage.holder(), keys=stage.keys)
    elsewhere = with_changes(made, verification_id=VerificationId(f"ver_{1:026d}"))
    with pytest.raises(SealedDataDamaged):
        open_result(elsewhere, holder=stage.holder(), keys=stage.keys)


def test_an_account_without_an_eid_mark_has_no_partner_code(stage: Stage) -> None:
    holder = stage.change(sealed_eid_mark=None)
    with pytest.raises(HolderNotUsable):
        partner_code_of(holder, stage.partner(), vault=open_vault(holder, keys=stage.keys), keys=stage.keys)


def test_who_comes_back_in_another_generation_gets_another_partner_code(stage: Stage) -> None:
    holder = stage.holder()
    vault = open_vault(holder, keys=stage.keys)
    first = partner_code_of(holder, stage.partner(), vault=vault, keys=stage.keys)
    second = partner_code_of(replace(holder, generation=b"2"), stage.partner(), vault=vault, keys=stage.keys)
    assert first != second


# --- the vault ----------------------------------------------------------------------------------------------------


def test_a_field_opens_in_its_own_place_only_and_the_vault_hides_its_key(stage: Stage) -> None:
    vault, wrapped = new_vault(stage.holder_id(), keys=stage.keys, entropy=stage.services.entropy)
    sealed = vault.seal("sealed_name", "名".encode(), entropy=stage.services.entropy)
    assert vault.open("sealed_name", sealed) == "名".encode()
    with pytest.raises(SealedDataDamaged):
        vault.open("sealed_phone", sealed)
    with pytest.raises(SealedDataDamaged):
        vault.open("sealed_name", sealed, table="pins")
    assert repr(vault) == "Vault()"
    other = replace(stage.holder(WANG), data_key=wrapped)
    with pytest.raises(SealedDataDamaged):
        open_vault(other, keys=stage.keys)


# --- proofs -------------------------------------------------------------------------------------------------------


def test_the_proof_of_a_verification_holds_against_the_published_keys(stage: Stage) -> None:
    answer = answered(stage, asking(stage, show(stage).number))
    file = stage.act(record_proof, stage.holder(), answer.verification.verification_id)
    proven = verify_proof(json.dumps(file).encode(), keys={key.key_id: key for key in stage.keys.published()})
    assert proven.document == parse_document(answer.result)
    assert set(file) == {"format", "document", "leaf_index", "path", "note"}
    assert file["format"] == "eztong/proof/v2"


def test_the_proof_of_a_result_that_names_its_holder_is_for_its_holder(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    made = answered(stage, asking(stage, show(stage).number, wants=NAMED)).verification
    file = stage.act(record_proof, stage.holder(), made.verification_id)
    assert file["document"]["claims"]["masked_name"] == mask_name(LI.name)
    with pytest.raises(NotFound):
        stage.act(record_proof, stage.holder(WANG), made.verification_id)


def test_the_receipt_of_an_acceptance_is_for_its_holder(stage: Stage) -> None:
    acceptance_id = stage.holder().service_acceptance
    assert acceptance_id is not None
    file = stage.act(acceptance_receipt, stage.holder_id(), acceptance_id)
    proven = verify_proof(json.dumps(file).encode(), keys={key.key_id: key for key in stage.keys.published()})
    assert proven.document["id"] == acceptance_id
    assert proven.document["agreement"] == "service"
    with pytest.raises(NotFound):
        stage.act(acceptance_receipt, stage.holder_id(WANG), acceptance_id)


def test_a_batch_that_is_not_there_or_too_short_proves_nothing(stage: Stage) -> None:
    made = answered(stage, asking(stage, show(stage).number)).verification
    with pytest.raises(NotFound):
        stage.act(proof_part, BatchId(f"bat_{1:026d}"), 0)
    for index in (-1, 1):
        with pytest.raises(ProofInvalid, match="no such leaf"):
            stage.act(proof_part, made.batch_id, index)
    part = stage.act(proof_part, made.batch_id, 0)
    assert (part["leaf_index"], part["path"]) == (0, [])


def test_a_malformed_note_makes_no_proof_file() -> None:
    with pytest.raises(ProofInvalid):
        proof_file(b"{}", {"leaf_index": 0, "path": [], "note": "no note"})
