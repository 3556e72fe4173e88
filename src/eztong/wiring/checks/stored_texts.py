"""The check of the documents: whether those in force are as new as those that come with this version."""

from __future__ import annotations

from eztong.adapters.storage.stored.facts import versions_in_force
from eztong.domain.agreements import version_key
from eztong.domain.errors import EztongError
from eztong.domain.operators.posture import CheckFinding
from eztong.wiring.agreement_values import values_to_print
from eztong.wiring.agreements.texts import packaged_texts
from eztong.wiring.checks.findings import fine, met, say, warns
from eztong.wiring.settings import Settings


def check_texts(settings: Settings) -> CheckFinding:
    """EZT020: no document in force is older than the one that comes with this version: a warning, never an error."""
    try:
        in_force = versions_in_force(settings.stored_at)
    except (EztongError, OSError) as error:
        return fine("EZT020", say("finding.texts.unknown", error=met(error)))
    brought = {one.kind.value: one.version for one in packaged_texts(values_to_print(settings))}
    newer = [
        kind
        for kind, version in brought.items()
        if in_force and (kind not in in_force or version_key(in_force[kind]) < version_key(version))
    ]
    if newer:
        return warns("EZT020", say("finding.texts.newer", kinds=", ".join(newer)), "finding.texts.newer_do")
    return fine("EZT020", "finding.texts.new")
