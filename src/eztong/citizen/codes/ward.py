"""A child's code on the guardian's phone: a press makes one, and the page shows it while it lives (clause 2.2)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.codes.shown_code import find_shown, keep_shown
from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.domain.codes.presentation_code import Channel
from eztong.domain.guardianship.guardianship import WardMissing
from eztong.domain.identity.masking import mask_name
from eztong.domain.incidents.incident import Affected
from eztong.http.qr_svg import render_qr
from eztong.i18n.moments import clock_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn
from eztong.usecases.guardianship.care import Care, care_of
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.incidents.check_open import check_open
from eztong.usecases.own_data.reveal_identity import open_identity


def show(visit: Visit) -> Response:
    """Show the code that this browser was just given for the child, else the way back to the button.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        signed_in, care = _care(visit, stored=stored)
        shown = find_shown(visit, signed_in, stored=stored, owner=care.ward.holder_id)
    back = f"{FAMILY}/{care.guardianship.guardianship_id}"
    if shown is None:
        return visit.redirect(f"{back}#code")
    drawn, code = shown
    name = open_identity(care.ward, keys=visit.services.keys).name
    return visit.page(
        "codes/ward.html",
        tab="me",
        back=back,
        code=drawn,
        qr=None if drawn.qr is None else render_qr(drawn.qr, label=visit.words.text("code.qr_label")),
        masked_name=mask_name(name),
        left=max(1, int((code.expires_at - visit.now).total_seconds())),
        expires_words=clock_words(code.expires_at),
    )


def issue(visit: Visit) -> Response:
    """Make a code of the child: QR and number for a minute, or a number to read out.

    Raises:
        Locked: unlock first; the ward's page is shown after it.
        WardActsAlone, HolderNotUsable, AgreementNotAccepted: not now.
        WorkUnderWay: planned work refuses new codes while it goes on.
    """
    with visit.services.store.read() as stored:
        _, care = _care(visit, stored=stored)
    check_open(Affected.CODES, board=visit.services.incidents.look(), now=visit.now)
    channel = Channel.SPOKEN if visit.form.get("act") == "spoken" else Channel.SCREEN
    command = ShowWardCode(session_hash=visit.session_hash, ward_id=care.ward.holder_id, channel=channel)
    code = visit.act(show_ward_code, command)
    visit.services.observer.code_issued(channel.value)
    here = f"{FAMILY}/{care.guardianship.guardianship_id}/code"
    return keep_shown(visit, visit.redirect(here), code)


def _care(visit: Visit, *, stored: Repositories) -> tuple[SignedIn, Care]:
    signed_in = visit.bound(stored)
    found = stored.guardianships.get(visit.request.path_params["guardianship_id"])
    if found is None:
        raise WardMissing
    return signed_in, care_of(signed_in.holder, found.ward_id, stored=stored, keys=visit.services.keys, now=visit.now)
