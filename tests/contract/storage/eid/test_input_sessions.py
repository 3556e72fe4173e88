"""First uses of session keys: kept once, never replaced, failures counted within the window."""

from dataclasses import replace

from eztong.domain.eid.input_session import InputSession
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at

HOTEL = PartnerId("hotel")
FIRST = InputSession(session_mac=b"key 1", partner_id=HOTEL, iv_mac=b"iv", failed=False, used_at=at(0))


def claim(store: Store, session: InputSession) -> InputSession:
    return store.write(lambda uow: uow.input_sessions.claim(session)).value


def test_the_first_use_stays(store: Store) -> None:
    assert claim(store, FIRST) == FIRST
    later = replace(FIRST, partner_id=PartnerId("game"), iv_mac=b"other", failed=True, used_at=at(9))
    assert claim(store, later) == FIRST
    assert not FIRST.admits(later)
    assert FIRST.admits(replace(FIRST, used_at=at(9), failed=True))


def test_failures_are_counted_by_partner_within_the_window(store: Store) -> None:
    for number, (partner, failed, seconds) in enumerate(
        [(HOTEL, True, 1), (HOTEL, True, 5), (HOTEL, False, 6), (PartnerId("game"), True, 7)]
    ):
        session = replace(FIRST, session_mac=b"%d" % number, partner_id=partner, failed=failed, used_at=at(seconds))
        claim(store, session)
    with store.read() as stored:
        assert stored.input_sessions.failures_since(HOTEL, at(0)) == 2
        assert stored.input_sessions.failures_since(HOTEL, at(1)) == 1
        assert stored.input_sessions.failures_since(HOTEL, at(5)) == 0
