"""What the release before has stored is found by this one: keyed hashes are made of the same bytes for ever.

A hash that changed would end every session, link or budget without a word. Here each is written out beside its use.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.citizen_number import DocumentType
from eztong.gm.sm3 import sm3
from eztong.ports.keys import MacPurpose
from eztong.usecases.access.challenge_passkey import offer_sign_in
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.companions.charge_companion import open_charge
from eztong.usecases.desks.sign_in_staff import hash_desk_session
from eztong.usecases.eid.claim_input_session import ClaimInputSession, claim_input_session
from eztong.usecases.idempotency import idempotency_key
from eztong.usecases.requests.open_request import request_token
from eztong.usecases.vault import number_index, phone_index
from tests.unit.usecases.access.ways import NEW, ask_sign_in, claim, newest_digits, open_code
from tests.unit.usecases.recovery.acts import RECOVER, link_token, wait
from tests.unit.usecases.requests.acts import ask
from tests.unit.usecases.stage import FILE, LI, Stage

LOOKUP, SESSION, OTP = MacPurpose.LOOKUP, MacPurpose.SESSION, MacPurpose.OTP
HOTEL = PartnerId("hotel")


def kept(stage: Stage, column: str, table: str) -> list[bytes]:
    with closing(sqlite3.connect(stage.folder / FILE)) as connection:
        return [one for (one,) in connection.execute(f"SELECT {column} FROM {table}")]  # noqa: S608 - names of our own


def mac(stage: Stage, purpose: MacPurpose, text: str | bytes) -> bytes:
    return stage.keys.mac(purpose, text.encode() if isinstance(text, str) else text)


def test_cookies_are_found_by_their_keyed_hash(stage: Stage) -> None:
    assert stage.act(hash_session, "token") == mac(stage, SESSION, "session\x00token")
    assert stage.act(hash_desk_session, "token") == mac(stage, SESSION, "desk-session\x00token")


def test_people_are_found_by_number_and_phone(stage: Stage) -> None:
    number = mac(stage, LOOKUP, f"number\x0001\x00{LI.number}")
    phone = mac(stage, LOOKUP, f"phone\x00{LI.phone}")
    assert number_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys) == number
    assert phone_index(LI.phone, keys=stage.keys) == phone
    assert (stage.holder().number_index, stage.holder().phone_index) == (number, phone)


def test_message_codes_are_known_by_their_slip_and_what_was_typed(stage: Stage) -> None:
    ask_sign_in(stage)
    code = open_code(stage, OtpPurpose.SIGN_IN)
    assert code.code_hash == mac(stage, OTP, f"{code.challenge_id}\x00{newest_digits(stage)}")
    assert code.phone_index == phone_index(LI.phone, keys=stage.keys)
    claim(stage, RECOVER)
    index = stage.holder().number_index
    assert index is not None
    assert open_code(stage, RECOVER).phone_index == mac(stage, LOOKUP, b"claim\x00" + index + LI.name.encode())


def test_links_are_known_by_their_token(stage: Stage) -> None:
    request = ask(stage)
    secret = mac(stage, LOOKUP, f"request\x00{request.request_id}")
    token = base64.urlsafe_b64encode(secret[:24]).decode()
    assert request_token(request.request_id, keys=stage.keys) == token
    assert kept(stage, "token_hash", "requests") == [mac(stage, SESSION, f"request-link\x00{token}")]
    recovery = wait(stage)
    assert recovery.stop_hash == mac(stage, SESSION, f"recovery_stop\x00{link_token(stage)}")
    assert len(link_token(stage)) == 43


def test_a_challenge_for_a_passkey_is_known_by_its_bytes(stage: Stage) -> None:
    options = stage.act(offer_sign_in, NEW)
    challenge = bytes.fromhex(options.partition('"challenge": "')[2].partition('"')[0])
    assert kept(stage, "challenge_hash", "passkey_challenges") == [mac(stage, SESSION, b"passkey\x00" + challenge)]
    assert len(challenge) == 32


def test_what_integrators_send_is_known_by_key_and_vector(stage: Stage) -> None:
    command = ClaimInputSession(partner_id=HOTEL, session_keys=[b"key"], iv=b"iv", failed=False)
    stage.act(claim_input_session, command)
    assert kept(stage, "session_mac", "input_sessions") == [mac(stage, LOOKUP, "input-session\x00key")]
    assert kept(stage, "iv_mac", "input_sessions") == [mac(stage, LOOKUP, "input-iv\x00iv")]


def test_a_write_that_is_repeated_is_known_by_key_and_body(stage: Stage) -> None:
    key = idempotency_key("k-1", body=b"{}", operation="requests", keys=stage.keys)
    assert (key.key_hash, key.body_hash) == (sm3(b"requests\x00k-1"), mac(stage, LOOKUP, "body\x00{}"))


def test_a_question_in_the_ledger_is_known_for_one_day(stage: Stage) -> None:
    stage.act(open_charge, HOTEL, "chg_1", action="match", person="person")
    assert kept(stage, "subject", "charges") == [mac(stage, LOOKUP, "companion\x00hotel\x002026-03-02\x00person")]


def test_what_is_spent_is_kept_under_budget_and_subject_each_part_with_its_length(stage: Stage) -> None:
    ask_sign_in(stage)
    parts = b"\x00\x00\x00\x07sign_in" + len(NEW).to_bytes(4) + NEW
    assert mac(stage, LOOKUP, b"budget\x00code_sends_session\x00" + parts) in kept(stage, "subject", "budgets")
