"""Sessions: found, opened on a known or a new device, ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import DeviceNotBound, EztongError, Locked, NotFound, SessionMissing
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.ports.keys import MacPurpose
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.end_access import (
    end_other_sessions,
    end_session,
    remove_passkey,
    rename_passkey,
    session_name,
    unbind_device,
)
from eztong.usecases.access.find_session import (
    SESSION_LIFE,
    find_session,
    find_unlocked,
    hash_session,
    known_hash,
    require_device,
)
from eztong.usecases.access.open_session import open_session
from eztong.usecases.access.sign_in import sign_out
from tests.unit.usecases.access.ways import FRESH, NEW, OPENING, fresh_session, give_passkey, passkeys_of
from tests.unit.usecases.codes.asking import show, state_of
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage

SECOND = b"second browser"


def add_session(stage: Stage, session_hash: bytes = SECOND) -> Session:
    """Give LI another session on the same device."""
    made = replace(stage.session(), session_hash=session_hash)
    stage.write(lambda uow: uow.sessions.add(made))
    return made


# --- found --------------------------------------------------------------------------------------------------------


def test_a_live_session_is_found_with_its_account(stage: Stage) -> None:
    found = stage.act(find_session, LI.session)
    assert (found.session, found.holder) == (stage.session(), stage.holder())
    assert stage.act(require_device, found) == stage.device()
    assert stage.act(find_unlocked, LI.session) == found


def revoked(stage: Stage) -> None:
    session = replace(stage.session(), revoked_at=START)
    stage.write(lambda uow: uow.sessions.update(session))


def at_its_end(stage: Stage) -> None:
    stage.clock.pass_by(seconds=SESSION_LIFE.total_seconds())


def of_nobody(stage: Stage) -> None:
    session = replace(stage.session(), holder_id=None)
    stage.write(lambda uow: uow.sessions.update(session))


@pytest.mark.parametrize("happened", [revoked, at_its_end, of_nobody])
def test_a_session_that_ended_is_missing(stage: Stage, happened: Callable[[Stage], None]) -> None:
    happened(stage)
    with pytest.raises(SessionMissing):
        stage.act(find_session, LI.session)


def test_a_session_lives_to_the_last_moment_of_its_thirty_days(stage: Stage) -> None:
    stage.clock.pass_by(seconds=SESSION_LIFE.total_seconds() - 0.001)
    assert stage.act(find_session, LI.session).holder == stage.holder()


def test_an_unknown_session_and_one_whose_account_is_gone_are_missing(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        stage.act(find_session, b"nobody")
    gone = replace(stage.session(), session_hash=SECOND, holder_id=HolderId(f"hld_{1:026d}"))
    stage.write(lambda uow: uow.sessions.add(gone))
    with pytest.raises(SessionMissing):
        stage.act(find_session, SECOND)


def test_the_hash_of_a_cookie_is_keyed_and_known_before_and_after_the_session_is_stored(stage: Stage) -> None:
    hashed = hash_session("token", keys=stage.keys)
    assert hashed == stage.keys.mac(MacPurpose.SESSION, b"session\x00token")
    assert known_hash("token", store=stage.store, keys=stage.keys) == hashed
    assert hash_session("other", keys=stage.keys) != hashed


def locked(stage: Stage) -> None:
    stage.lock()


def unbound(stage: Stage) -> None:
    holder_id, device_id = stage.holder_id(), stage.device().device_id
    stage.write(lambda uow: uow.devices.set_state(holder_id, device_id, DeviceState.SUPERSEDED))


def without_device(stage: Stage) -> None:
    session = replace(stage.session(), device_id=None)
    stage.write(lambda uow: uow.sessions.update(session))


REFUSALS = [(locked, Locked), (unbound, DeviceNotBound), (without_device, DeviceNotBound), (revoked, SessionMissing)]


@pytest.mark.parametrize(("happened", "error"), REFUSALS)
def test_an_act_on_the_account_takes_a_live_unlocked_session_of_a_bound_device(
    stage: Stage, happened: Callable[[Stage], None], error: type[EztongError]
) -> None:
    give_passkey(stage)
    add_session(stage)
    device_id = stage.device().device_id
    happened(stage)
    before = stage.rows()
    for act in (
        lambda: stage.act(find_unlocked, LI.session),
        lambda: stage.act(end_session, LI.session, session_name(SECOND)),
        lambda: stage.act(end_other_sessions, LI.session),
        lambda: stage.act(unbind_device, LI.session, device_id),
        lambda: stage.act(rename_passkey, LI.session, b"credential-1", "Other"),
        lambda: stage.act(remove_passkey, LI.session, b"credential-1"),
    ):
        with pytest.raises(error):
            act()
    assert stage.rows() == before
    assert stage.session(SECOND).revoked_at is None
    assert [one.label for one in passkeys_of(stage)] == ["Phone"]


# --- opened -------------------------------------------------------------------------------------------------------


def test_a_session_on_a_known_device_is_fresh_unlocked_and_tells_nobody(stage: Stage) -> None:
    device = stage.device()
    opened = stage.act(open_session, stage.holder(), OPENING, device=device, how="passkey")
    assert opened == fresh_session(stage)
    assert opened == Session(
        session_hash=FRESH,
        holder_id=stage.holder_id(),
        device_id=device.device_id,
        phone_index=stage.holder().phone_index,
        created_at=START,
        expires_at=START + timedelta(days=30),
        unlocked_until=START + UNLOCK_LIFE,
    )
    assert [(one.kind, one.detail) for one in stage.events()] == [("signed_in", "passkey")]
    assert stage.device() == device
    assert stage.topics() == []


def test_a_new_device_takes_the_place_of_the_one_before_and_the_holder_is_told(stage: Stage) -> None:
    before, shown = stage.device(), show(stage)
    stage.act(open_session, stage.holder(), OPENING, device=None, how="pin")
    after = stage.device()
    assert (after.label, after.state, after.bound_at) == ("Chrome on Android", DeviceState.BOUND, START)
    assert fresh_session(stage).device_id == after.device_id != before.device_id
    old = stage.read(lambda stored: stored.devices.get(before.holder_id, before.device_id))
    assert old is not None
    assert old.state is DeviceState.SUPERSEDED
    assert state_of(stage, shown) is CodeState.CANCELLED
    assert stage.session().revoked_at == START
    assert fresh_session(stage).revoked_at is None
    assert stage.topics() == ["device_bound"]


def test_the_first_device_of_an_account_ends_none_and_is_no_news(stage: Stage) -> None:
    holder_id, device_id = stage.holder_id(), stage.device().device_id
    stage.write(lambda uow: uow.devices.set_state(holder_id, device_id, DeviceState.UNBOUND))
    stage.act(open_session, stage.holder(), OPENING, device=None, how="pin")
    assert stage.device().label == "Chrome on Android"
    assert stage.topics() == []


def test_the_session_that_was_in_the_browser_ends(stage: Stage) -> None:
    planted = replace(stage.session(WANG.session), session_hash=NEW)
    stage.write(lambda uow: uow.sessions.add(planted))
    stage.clock.pass_by(seconds=1)
    stage.act(open_session, stage.holder(), OPENING, device=stage.device(), how="passkey")
    assert stage.session(NEW).revoked_at == stage.clock.now()
    stage.clock.pass_by(seconds=1)
    other = replace(OPENING, fresh_hash=b"another")
    stage.act(open_session, stage.holder(), other, device=stage.device(), how="passkey")
    assert stage.session(NEW).revoked_at == START + timedelta(seconds=1)


def test_an_account_without_a_phone_opens_no_session(stage: Stage) -> None:
    holder = stage.change(phone_index=None)
    with pytest.raises(NotFound):
        stage.act(open_session, holder, OPENING, device=None, how="pin")
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


# --- ended --------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_and_what_its_device_shows(stage: Stage) -> None:
    shown = show(stage)
    stage.act(sign_out, LI.session)
    assert stage.session().revoked_at == START
    assert state_of(stage, shown) is CodeState.CANCELLED
    with pytest.raises(SessionMissing):
        stage.act(sign_out, LI.session)


def test_signing_out_before_a_device_was_bound_ends_the_session_alone(stage: Stage) -> None:
    shown = show(stage)
    without_device(stage)
    stage.act(sign_out, LI.session)
    assert stage.session().revoked_at == START
    assert state_of(stage, shown) is CodeState.ISSUED


def test_one_session_is_ended_by_its_name(stage: Stage) -> None:
    add_session(stage)
    add_session(stage, b"third browser")
    stage.act(end_session, LI.session, session_name(SECOND))
    assert stage.session(SECOND).revoked_at == START
    assert stage.session(b"third browser").revoked_at is None
    assert stage.session().revoked_at is None
    assert [one.kind for one in stage.events()] == ["session_ended"]
    assert session_name(SECOND) == SECOND[:8].hex()


def test_another_accounts_session_and_one_that_ended_are_not_found(stage: Stage) -> None:
    add_session(stage)
    stage.act(end_session, LI.session, session_name(SECOND))
    with pytest.raises(NotFound):
        stage.act(end_session, LI.session, session_name(SECOND))
    other = replace(stage.session(WANG.session), session_hash=b"wang elsewhere")
    stage.write(lambda uow: uow.sessions.add(other))
    with pytest.raises(NotFound):
        stage.act(end_session, LI.session, session_name(b"wang elsewhere"))
    assert stage.session(b"wang elsewhere").revoked_at is None


def test_all_other_sessions_are_ended_and_this_one_stays(stage: Stage) -> None:
    add_session(stage)
    add_session(stage, b"third browser")
    stage.act(end_other_sessions, LI.session)
    assert [stage.session(one).revoked_at for one in (SECOND, b"third browser")] == [START, START]
    assert stage.session().revoked_at is None
    assert stage.session(WANG.session).revoked_at is None
    assert [one.kind for one in stage.events()] == ["sessions_ended"]


def test_an_unbound_device_loses_its_codes_sessions_and_passkeys(stage: Stage) -> None:
    give_passkey(stage)
    shown, device = show(stage), stage.device()
    stage.act(unbind_device, LI.session, device.device_id)
    kept = stage.read(lambda stored: stored.devices.get(device.holder_id, device.device_id))
    assert kept is not None
    assert kept.state is DeviceState.UNBOUND
    assert state_of(stage, shown) is CodeState.CANCELLED
    assert stage.session().revoked_at == START
    assert passkeys_of(stage) == []
    assert (stage.events()[-1].kind, stage.events()[-1].detail) == ("device_unbound", device.device_id)


def test_a_passkey_of_another_device_stays_when_a_device_is_unbound(stage: Stage) -> None:
    give_passkey(stage)
    first = stage.device()
    stage.act(open_session, stage.holder(), OPENING, device=None, how="pin")
    stage.act(unbind_device, FRESH, stage.device().device_id)
    assert [one.device_id for one in passkeys_of(stage)] == [first.device_id]


def test_a_device_that_is_not_bound_or_not_the_accounts_is_not_found(stage: Stage) -> None:
    others = stage.device(WANG).device_id
    first = stage.device().device_id
    stage.act(open_session, stage.holder(), OPENING, device=None, how="pin")
    for device_id in (others, first, DeviceId(f"dev_{1:026d}")):
        with pytest.raises(NotFound):
            stage.act(unbind_device, FRESH, device_id)
    assert stage.device(WANG).state is DeviceState.BOUND


def test_a_passkey_is_renamed_tidily_and_removed(stage: Stage) -> None:
    give_passkey(stage)
    stage.act(rename_passkey, LI.session, b"credential-1", "  My \n phone  " + "x" * 60)
    (renamed,) = passkeys_of(stage)
    assert renamed.label == ("My phone " + "x" * 60)[:40]
    stage.act(remove_passkey, LI.session, b"credential-1")
    assert passkeys_of(stage) == []
    assert [one.kind for one in stage.events()] == ["passkey_added", "passkey_removed"]


def test_a_passkey_of_nobody_or_without_a_name_is_not_found(stage: Stage) -> None:
    give_passkey(stage)
    for credential, label in ((b"credential-1", " \n "), (b"unknown", "Name")):
        with pytest.raises(NotFound):
            stage.act(rename_passkey, LI.session, credential, label)
    with pytest.raises(NotFound):
        stage.act(remove_passkey, LI.session, b"unknown")
    with pytest.raises(NotFound):
        stage.act(remove_passkey, WANG.session, b"credential-1")
    assert [one.label for one in passkeys_of(stage)] == ["Phone"]
