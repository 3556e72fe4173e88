"""Live-person factors: the bound device's user verification and, in the sandbox, a face check that plays a part."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from eztong.domain.access.unlock import check_unlocked
from eztong.domain.eid.eid_flow import EidCode
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.errors import NotPermitted
from eztong.ports.live_person import LivePersonFactor
from eztong.ports.services import Mode


class DeviceUnlock(LivePersonFactor):
    """A fresh unlock by passkey or PIN on the bound device. It measures no face and claims none."""

    @override
    def look(self, *, unlocked_until: datetime | None, now: datetime) -> LivePersonFinding:
        check_unlocked(unlocked_until, now=now)
        return LivePersonFinding(provider="device_unlock", code=EidCode.PASSED)


class SimulatedFace(LivePersonFactor):
    """Finds what it was told to find, for tests of integrators (sandbox only)."""

    def __init__(self, code: EidCode, *, mode: Mode) -> None:
        """Play ``code``.

        Raises:
            NotPermitted: in live mode.
        """
        if mode is not Mode.SANDBOX:
            raise NotPermitted("Simulated people exist in the sandbox only.")
        self._code = code

    @override
    def look(self, *, unlocked_until: datetime | None, now: datetime) -> LivePersonFinding:
        check_unlocked(unlocked_until, now=now)
        return LivePersonFinding(provider="simulated_face", code=self._code)
