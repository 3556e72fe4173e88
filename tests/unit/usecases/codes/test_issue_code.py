"""A code is issued to an unlocked, bound device whose holder consents; only keyed hashes of it are stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.agreements import AgreementKind
from eztong.domain.codes.presentation_code import (
    Channel,
    CodeState,
    Method,
    PresentationCode,
    check_qr,
    parse_presented,
)
from eztong.domain.errors import (
    AgreementNotAccepted,
    DeviceNotBound,
    EztongError,
    HolderFrozen,
    HolderNotActive,
    HolderTerminated,
    Locked,
    SessionMissing,
)
from eztong.domain.holder import FreezeCause, FreezeNotOwn, HolderState
from eztong.ports.keys import MacPurpose
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from tests.unit.usecases.codes.asking import qr_of, show, state_of, stored
from tests.unit.usecases.consent import withdraw
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import WANG, Stage


def test_a_code_is_stored_for_its_holder_device_and_consent(stage: Stage) -> None:
    shown = show(stage)
    holder = stage.holder()
    assert holder.authorisation_acceptance is not None
    assert stored(stage, shown) == PresentationCode(
        code_id=shown.code_id,
        holder_id=holder.holder_id,
        device_id=stage.device().device_id,
        acceptance_id=holder.authorisation_acceptance,
        channel=Channel.SCREEN,
        state=CodeState.ISSUED,
        issued_at=START,
        expires_at=START + timedelta(seconds=60),
    )


def test_a_code_is_found_by_the_keyed_hash_of_either_spelling_and_by_nothing_else(stage: Stage) -> None:
    shown = show(stage)
    number, qr = (stage.keys.mac(MacPurpose.CODE_HANDLE, one.encode()) for one in (shown.number, qr_of(shown)))
    assert stage.read(lambda repositories: repositories.codes.by_hash(number)) == stored(stage, shown)
    assert stage.read(lambda repositories: repositories.codes.by_hash(qr)) == stored(stage, shown)
    assert stage.read(lambda repositories: repositories.codes.by_hash(shown.number.encode())) is None
    assert shown.number.encode() not in (stage.folder / "eztong.db").read_bytes()


def test_a_screen_gets_a_number_and_a_qr_payload_with_a_tag_of_this_service(stage: Stage) -> None:
    shown = show(stage)
    assert parse_presented(shown.number).method is Method.NUMBER
    presented = parse_presented(qr_of(shown))
    assert presented.method is Method.QR
    check_qr(presented, now=START, tag=lambda number, head: stage.keys.mac_with(MacPurpose.QR_TAG, number, head))


def test_a_number_that_is_read_out_lives_five_minutes_and_has_no_qr(stage: Stage) -> None:
    shown = show(stage, channel=Channel.SPOKEN)
    assert shown.qr is None
    assert shown.expires_at == START + timedelta(seconds=300)
    assert (stored(stage, shown).channel, stored(stage, shown).expires_at) == (Channel.SPOKEN, shown.expires_at)


def test_a_new_code_replaces_the_one_before_on_this_device_only(stage: Stage) -> None:
    first, others = show(stage), show(stage, WANG)
    second = show(stage)
    assert state_of(stage, first) is CodeState.SUPERSEDED
    assert state_of(stage, second) is CodeState.ISSUED
    assert state_of(stage, others) is CodeState.ISSUED
    assert first.number != second.number
    assert first.qr != second.qr


def locked(stage: Stage) -> None:
    stage.lock()


def unlocked_until_now(stage: Stage) -> None:
    stage.clock.pass_by(seconds=180)


def unbound(stage: Stage) -> None:
    holder_id, device_id = stage.holder_id(), stage.device().device_id
    stage.write(lambda uow: uow.devices.set_state(holder_id, device_id, DeviceState.UNBOUND))


def without_device(stage: Stage) -> None:
    session = replace(stage.session(), device_id=None)
    stage.write(lambda uow: uow.sessions.update(session))


def signed_out(stage: Stage) -> None:
    session = replace(stage.session(), revoked_at=START)
    stage.write(lambda uow: uow.sessions.update(session))


def frozen_by_self(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)


def frozen_by_operator(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)


def terminated(stage: Stage) -> None:
    stage.change(state=HolderState.TERMINATED)


def applied(stage: Stage) -> None:
    stage.change(state=HolderState.APPLIED)


@pytest.mark.parametrize(
    ("happened", "error"),
    [
        (locked, Locked),
        (unlocked_until_now, Locked),
        (unbound, DeviceNotBound),
        (without_device, DeviceNotBound),
        (signed_out, SessionMissing),
        (frozen_by_self, HolderFrozen),
        (frozen_by_operator, FreezeNotOwn),
        (terminated, HolderTerminated),
        (applied, HolderNotActive),
    ],
)
def test_whoever_may_not_show_a_code_gets_none_and_keeps_the_one_before(
    stage: Stage, happened: Callable[[Stage], None], error: type[EztongError]
) -> None:
    earlier = show(stage)
    happened(stage)
    before = stage.rows()
    with pytest.raises(error) as refusal:
        show(stage)
    assert type(refusal.value) is error
    assert stage.rows() == before
    assert state_of(stage, earlier) is CodeState.ISSUED


def test_a_restricted_holder_may_show_a_code(stage: Stage) -> None:
    stage.mark()
    assert state_of(stage, show(stage)) is CodeState.ISSUED


def test_an_unknown_session_gets_no_code(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        stage.act(issue_code, IssueCode(session_hash=b"nobody"))


@pytest.mark.parametrize("kind", AgreementKind)
def test_without_a_consent_that_counts_there_is_no_code(stage: Stage, kind: AgreementKind) -> None:
    withdraw(stage, kind)
    with pytest.raises(AgreementNotAccepted):
        show(stage)
    assert stage.rows()["codes"] == 0
