"""My data: what the copy holds and leaves out, and the copy itself as a file (clause 3.3)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.limits import DATA_EXPORTS, count
from eztong.citizen.visit import Visit
from eztong.citizen.words.readable_json import ReadableJson
from eztong.usecases.own_data.export_data import collect_data, permit_export

FILE_NAME = "eztong-my-data.json"


def show(visit: Visit) -> Response:
    """Say what is in the file before it is made.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not have it.
    """
    with visit.services.store.read() as stored:
        visit.bound(stored)
    return visit.form_page("me/data.html", tab="me")


def export(visit: Visit) -> Response:
    """Hand out the file.

    Raises:
        Locked: unlock first; the page is shown again after it.
        TooMany: there were many just now.
    """
    services, session_hash = visit.services, visit.session_hash
    count(DATA_EXPORTS, visit)
    holder = visit.act(permit_export, session_hash)
    with services.store.snapshot() as stored:
        copy = collect_data(holder, stored=stored, keys=services.keys, now=services.clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
    return ReadableJson(copy, headers=headers)
