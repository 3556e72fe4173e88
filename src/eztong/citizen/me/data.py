"""My data: what the copy holds and leaves out, and the copy itself as a file (clause 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from eztong.citizen.limits import DATA_EXPORTS, count
from eztong.citizen.me.data_paper import data_paper
from eztong.citizen.visit import Visit
from eztong.citizen.words.copy_values import PartnerNames
from eztong.citizen.words.paper_words import paper_file
from eztong.citizen.words.readable_json import ReadableJson
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.own_data.paper import FontMissing, Paper, PaperTooLong
from eztong.pages.error_pages import sentence_of
from eztong.usecases.own_data.export_data import collect_data, permit_export

FILE_NAME: Final = "eztong-my-data"
_NOT_MADE: Final = (FontMissing, PaperTooLong)


def show(visit: Visit) -> Response:
    """Say what is in the file before it is made.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not have it.
    """
    with visit.services.store.read() as stored:
        visit.bound(stored)
    return _page(visit)


def export(visit: Visit) -> Response:
    """Hand out the file: PDF if the button says so, else JSON. What cannot be made is said on the page.

    Raises:
        Locked: unlock first; the page is shown again after it.
        TooMany: there were many just now.
    """
    if visit.form.get("file") != "pdf":
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}.json"', "Cache-Control": "no-store"}
        return ReadableJson(_copy(visit), headers=headers)
    typesetter = visit.services.typesetter
    try:
        typesetter.check_ready()
        return paper_file(typesetter.typeset(_paper(visit)), f"{FILE_NAME}.pdf")
    except _NOT_MADE as error:
        return _page(visit, error)


def _copy(visit: Visit) -> Mapping[str, Any]:
    services, session_hash = visit.services, visit.session_hash
    count(DATA_EXPORTS, visit)
    holder = visit.act(permit_export, session_hash)
    with services.store.snapshot() as stored:
        return collect_data(holder, stored=stored, keys=services.keys, now=services.clock.now())


def _paper(visit: Visit) -> Paper:
    copy = _copy(visit)
    with visit.services.store.read() as stored:
        records = RecordWords(visit, visit.signed_in(stored).holder.holder_id, stored=stored)
        names = PartnerNames(partner=records.partner, scene=records.scene, desk=records.desk)
        services = visit.services
        return data_paper(
            copy,
            words=visit.words,
            deployment=services.deployment,
            names=names,
            brand=services.brand.look(),
            texts=services.texts.look(),
        )


def _page(visit: Visit, error: FontMissing | PaperTooLong | None = None) -> Response:
    problem = "" if error is None else sentence_of(error, visit)
    return visit.form_page("me/data.html", because=error, tab="me", problem=problem)
