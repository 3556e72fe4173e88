"""A stage with a keyring of its own, so that keys may turn."""

from __future__ import annotations

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.rotation import KEK, SERVICE_SEAL
from eztong.domain.keys.reseal import Reseal
from eztong.domain.keys.rotation import ROTATION_PAUSE
from eztong.ports.act import SYSTEM
from eztong.usecases.keys.ceremony import Ceremony
from eztong.usecases.keys.reseal import begin_reseal, reseal_step
from tests.unit.usecases.stage import Stage

RING, ROOT_KEY = "keyring.json", "root.key"
PURPOSES = (KEK, SERVICE_SEAL)


def ring_of(stage: Stage) -> FileKeyring:
    """Return the stage's keyring."""
    assert isinstance(stage.keys, FileKeyring)
    return stage.keys


def turn_seals(stage: Stage) -> None:
    """Give both kinds of sealing keys a new one."""
    stage.clock.pass_by(seconds=ROTATION_PAUSE.total_seconds())
    for purpose in PURPOSES:
        ring_of(stage).rotate(purpose, entropy=stage.services.entropy, now=stage.clock.now())


def begin(stage: Stage) -> Reseal:
    """Begin to seal again."""
    return stage.act(begin_reseal, Ceremony(), by=SYSTEM)


def step(stage: Stage) -> Reseal | None:
    """Do the next few values."""
    return stage.act(reseal_step, by=SYSTEM)


def finish(stage: Stage) -> Reseal:
    """Do everything that is left."""
    done = None
    while (stands := step(stage)) is not None:
        done = stands
    assert done is not None
    return done
