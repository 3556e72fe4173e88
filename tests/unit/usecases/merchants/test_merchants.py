"""Merchants and their key pairs: registered, changed, suspended; issued, replaced, revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import InputInvalid, NotFound, SceneNotAllowed, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.certificate_request import CertificateRequestInvalid, CertificateState
from eztong.domain.merchants.merchant import AccountKey, Merchant, MerchantOptions, MerchantState
from eztong.domain.operators.operator import OperatorNeeded
from eztong.gm.csr import build_csr
from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm2 import PrivateKey
from eztong.ports.act import SYSTEM
from eztong.ports.keys import MacPurpose
from eztong.usecases.merchants.certify_merchant_key import request_certificate
from eztong.usecases.merchants.issue_account_key import IssuedKey, issue_account_key, open_account_secret
from eztong.usecases.merchants.register_merchant import (
    RegisterMerchant,
    change_options,
    find_merchant,
    move_merchant,
    register_merchant,
)
from eztong.usecases.merchants.rotate_account_key import revoke_account_key, rotate_account_key
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

HOTEL, LIBRARY = PartnerId("hotel"), PartnerId("library")
OPTIONS = MerchantOptions()


def merchant(stage: Stage) -> Merchant:
    command = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=OPTIONS)
    return stage.act(register_merchant, command, by=SYSTEM)


def issue(stage: Stage, life: timedelta | None = None) -> IssuedKey:
    return stage.act(issue_account_key, HOTEL, label="server", life=life, by=SYSTEM)


def key_of(stage: Stage, issued: IssuedKey) -> AccountKey:
    found = stage.read(lambda stored: stored.merchants.key(issued.key.secret_id))
    assert found is not None
    return found


# --- merchants ----------------------------------------------------------------------------------------------------


def test_a_merchant_is_registered_for_a_scene_of_its_partner(stage: Stage) -> None:
    made = merchant(stage)
    assert made == stage.act(find_merchant, made.merchant_id)
    assert made.merchant_id.startswith("0EZT260302")
    assert len(made.merchant_id) == 22
    assert (made.state, made.certified_key, made.created_at) == (MerchantState.ACTIVE, None, START)
    command = RegisterMerchant(partner_id=HOTEL, scene="library_entry", name="Hotel", options=OPTIONS)
    with pytest.raises(SceneNotAllowed):
        stage.act(register_merchant, command, by=SYSTEM)
    with pytest.raises(NotFound):
        stage.act(register_merchant, replace(command, partner_id=PartnerId("nobody")), by=SYSTEM)


def test_options_change_from_what_is_stored_and_a_merchant_is_suspended(stage: Stage) -> None:
    made = merchant(stage)
    stage.act(change_options, made.merchant_id, lambda options: replace(options, companions=True), by=SYSTEM)
    stage.act(change_options, made.merchant_id, lambda options: replace(options, guarded_release=True), by=SYSTEM)
    stage.act(move_merchant, made.merchant_id, MerchantState.SUSPENDED, by=SYSTEM)
    assert stage.act(find_merchant, made.merchant_id) == replace(
        made, state=MerchantState.SUSPENDED, options=replace(OPTIONS, companions=True, guarded_release=True)
    )
    with pytest.raises(NotFound):
        stage.act(move_merchant, "nobody", MerchantState.ACTIVE, by=SYSTEM)


# --- key pairs ----------------------------------------------------------------------------------------------------


def test_a_key_pair_is_stored_sealed_and_opens_in_its_own_row_only(stage: Stage) -> None:
    issued, other = issue(stage), issue(stage)
    assert key_of(stage, issued) == issued.key
    assert open_account_secret(issued.key, keys=stage.keys) == issued.secret_key
    assert (issued.token, issued.key.token_hash, issued.key.expires_at) == (None, None, None)
    assert issued.secret_key.encode() not in issued.key.sealed_secret
    assert issued.secret_key not in repr(issued)
    with pytest.raises(DecryptionFailed):
        open_account_secret(replace(issued.key, sealed_secret=other.key.sealed_secret), keys=stage.keys)
    with pytest.raises(NotFound):
        stage.act(issue_account_key, PartnerId("nobody"), label="x", by=SYSTEM)


def test_a_temporary_key_ends_and_goes_with_its_token(stage: Stage) -> None:
    issued = issue(stage, timedelta(hours=1))
    assert issued.token is not None
    assert issued.key.token_hash == stage.keys.mac(MacPurpose.API_KEY, issued.token.encode())
    assert issued.key.expires_at == START + timedelta(hours=1)
    with pytest.raises(StateConflict):
        stage.act(rotate_account_key, HOTEL, issued.key.secret_id, revoke_old=False, by=SYSTEM)


@pytest.mark.parametrize("revoke_old", [False, True])
def test_a_key_is_replaced_under_its_label_and_the_old_one_revoked_if_asked(stage: Stage, revoke_old: bool) -> None:
    old = issue(stage)
    fresh = stage.act(rotate_account_key, HOTEL, old.key.secret_id, revoke_old=revoke_old, by=SYSTEM)
    assert (fresh.key.label, fresh.key.secret_id != old.key.secret_id) == ("server", True)
    assert key_of(stage, old).revoked_at == (START if revoke_old else None)
    assert key_of(stage, fresh).revoked_at is None


def test_a_key_is_revoked_once_and_by_its_own_partner(stage: Stage) -> None:
    old = issue(stage)
    with pytest.raises(NotFound):
        stage.act(revoke_account_key, LIBRARY, old.key.secret_id, by=SYSTEM)
    with pytest.raises(NotFound):
        stage.act(rotate_account_key, LIBRARY, old.key.secret_id, revoke_old=True, by=SYSTEM)
    stage.act(revoke_account_key, HOTEL, old.key.secret_id, by=SYSTEM)
    with pytest.raises(StateConflict):
        stage.act(revoke_account_key, HOTEL, old.key.secret_id, by=SYSTEM)
    with pytest.raises(StateConflict):
        stage.act(rotate_account_key, HOTEL, old.key.secret_id, revoke_old=True, by=SYSTEM)
    assert key_of(stage, old).revoked_at == START


# --- certificates -------------------------------------------------------------------------------------------------


def test_what_is_no_request_is_not_taken_in(stage: Stage) -> None:
    made, by = merchant(stage), operator(stage)
    with pytest.raises(CertificateRequestInvalid):
        stage.act(request_certificate, made.merchant_id, b"junk", reason="why", by=by)
    with pytest.raises(NotFound):
        stage.act(request_certificate, "nobody", b"junk", reason="why", by=by)
    assert stage.read(lambda stored: list(stored.merchants.certificate_requests(made.merchant_id))) == []


def test_a_request_is_taken_in_as_pending_with_the_key_that_signed_it(stage: Stage) -> None:
    made, key, by = merchant(stage), PrivateKey.generate(), operator(stage)
    csr = build_csr(key, "Demo Hotel")
    asked = stage.act(request_certificate, made.merchant_id, csr, reason="by letter", by=by).request
    assert stage.read(lambda stored: stored.merchants.certificate_request(asked.request_id)) == asked
    assert (asked.state, asked.requested_by, asked.common_name) == (CertificateState.PENDING, "li.na", "Demo Hotel")
    assert asked.public_key == key.public_key().to_spki()
    assert stage.act(find_merchant, made.merchant_id).certified_key is None
    with pytest.raises(InputInvalid):
        stage.act(request_certificate, made.merchant_id, csr, reason=" ", by=by)
    with pytest.raises(OperatorNeeded):
        stage.act(request_certificate, made.merchant_id, csr, reason="by letter")
