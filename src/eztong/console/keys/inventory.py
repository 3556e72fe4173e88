"""The service's keys: the inventory, how far sealing again has come, what waits to be done, what was done."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.keys.change import OFFERED
from eztong.console.visit import Visit
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.keys.inventory import FAMILIES, KeyPlace
from eztong.domain.keys.rotation import KeyState
from eztong.ports.keys import InputPurpose, MacPurpose, SealPurpose, SignPurpose
from eztong.usecases.keys.ceremony import past_ceremonies
from eztong.usecases.keys.change_keys import queued_changes, waiting_changes
from eztong.usecases.keys.read_inventory import read_inventory
from eztong.usecases.keys.reseal import find_reseal

CEREMONIES: Final = (
    ActKind.KEY_ROTATED,
    ActKind.KEY_RETIRED,
    ActKind.KEYS_RESEALING,
    ActKind.KEYS_RESEALED,
    ActKind.ROOT_KEY_ADDED,
    ActKind.ROOT_KEY_CHANGED,
)
PURPOSES: Final = (
    "root",
    *(one.value for kind in (MacPurpose, SealPurpose, SignPurpose, InputPurpose) for one in kind),
    *(family.name for family in FAMILIES),
)
STATES: Final = (*(state.value for state in KeyState), "opens")
_SHOWN: Final = 20


def show(visit: Visit) -> Response:
    """Show every key and kind of key, newest ceremonies first."""
    services = visit.services
    certificate, now = services.deployment.token_certificate, services.clock.now()
    with services.store.read() as stored:
        stands, past = find_reseal(stored=stored), past_ceremonies(stored=stored, limit=_SHOWN)
        waiting, queued = waiting_changes(stored=stored), queued_changes(stored=stored)
    lines = read_inventory(keys=services.keys, certificate=certificate)
    return visit.form_page(
        "keys/inventory.html",
        lines=[(line, line.days(now=now)) for line in lines],
        in_token=any(line.place is KeyPlace.TOKEN for line in lines),
        certificate=certificate,
        stands=stands,
        waiting=[one for one in waiting if one.until > visit.now],
        queued=queued,
        offered=OFFERED,
        past=past,
    )
