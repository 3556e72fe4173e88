"""The check of drills: whether a backup was restored and found whole lately."""

from __future__ import annotations

from eztong.adapters.clock import SystemClock
from eztong.adapters.storage.stored.facts import stored_setting
from eztong.domain.drills.drill import OLD_AFTER, WHOLE_SETTING, parse_drill
from eztong.domain.errors import EztongError
from eztong.domain.operators.posture import CheckFinding
from eztong.ports.services import Mode
from eztong.wiring.checks.findings import fine, met, say, warns
from eztong.wiring.checks.stored_data import clock_offset
from eztong.wiring.settings import Settings


def check_drill(settings: Settings) -> CheckFinding:
    """EZT025: a backup was restored and found whole within 35 days: a warning in live mode, never an error."""
    try:
        drill = parse_drill(stored_setting(settings.stored_at, WHOLE_SETTING))
        now = SystemClock().now() + clock_offset(settings)
    except (EztongError, OSError) as error:
        return fine("EZT025", say("finding.drill.unknown", error=met(error)))
    if drill is not None and not drill.is_old(now):
        return fine("EZT025", say("finding.drill.lately", days=max((now - drill.at).days, 0)))
    told = say("finding.drill.never") if drill is None else say("finding.drill.old", days=OLD_AFTER.days)
    return fine("EZT025", told) if settings.mode is Mode.SANDBOX else warns("EZT025", told, "finding.drill.do")
