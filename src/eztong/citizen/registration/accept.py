"""The documents page: read, tick each, press once (clauses P-2 to P-4). Nothing is collected before (clause 3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from eztong.citizen.browser.kept_way import kept_way
from eztong.citizen.journey import CODE, IDENTITY, PHONE, RESULT, may_apply_again, next_path
from eztong.citizen.limits import REGISTRATIONS, count
from eztong.citizen.registration.shown_documents import pressed, shown_documents
from eztong.citizen.registration.shown_stamp import read_stamp
from eztong.citizen.visit import Visit
from eztong.citizen.words.own_phrase import own_phrase
from eztong.domain.agreements import Agreement
from eztong.domain.errors import AgreementChanged, AgreementNotAccepted, EztongError, SessionMissing, TickMissing
from eztong.domain.holder import Holder
from eztong.domain.incidents.incident import Affected
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.agreements.check_consent import awaits_acceptance, check_consent
from eztong.usecases.incidents.check_open import check_open
from eztong.usecases.registration.accept_agreements import accept_agreements

_WITH_CONSENT = frozenset({CODE, PHONE, IDENTITY})
"""The steps that need both documents in a version that counts."""


def show(visit: Visit) -> Response:
    """Show both documents with empty boxes; whoever accepted already is sent on."""
    way_on = _way_on(visit)
    return _documents_page(visit) if way_on is None else visit.redirect(way_on)


def accept(visit: Visit) -> Response:
    """Record both acceptances, open the application, give the browser a new session token."""
    way_on = _way_on(visit)
    if way_on is not None:
        return visit.redirect(way_on)
    keys = visit.services.keys
    stamp = read_stamp(visit.form.get("shown", ""), token=visit.token, keys=keys, now=visit.now)
    count(REGISTRATIONS, visit)
    renewed = _renewed(visit)
    if renewed is None:
        check_open(Affected.REGISTRATION, board=visit.services.incidents.look(), now=visit.now)
    token = stamp.session_token if renewed is None else visit.token
    command = pressed(visit, stamp, session_hash=hash_session(token, keys=keys))
    try:
        visit.act(accept_agreements, command)
    except (TickMissing, AgreementChanged) as error:
        return _documents_page(visit, error)
    if renewed is not None:
        return visit.redirect((kept_way(visit) or CODE) if renewed == CODE else renewed)
    response = visit.redirect(PHONE)
    visit.door.cookies.keep_session(response, stamp.session_token)
    return response


def go_on(visit: Visit) -> Response | None:
    """Answer the second of two presses in a row: the first one recorded the acceptances and changed the token."""
    try:
        with visit.services.store.read() as stored:
            visit.signed_in(stored)
    except SessionMissing:
        return None
    return visit.redirect(RESULT)


def _renewed(visit: Visit) -> str | None:
    """Return where the account or application of this session goes on, for which newer versions are accepted."""
    try:
        with visit.services.store.read() as stored:
            way_on = next_path(visit.signed_in(stored), stored=stored)
            return way_on if way_on in _WITH_CONSENT else None
    except SessionMissing:
        return None


def _documents_page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        documents, shown = shown_documents(visit, stored=stored)
        holder = _whose(visit, stored=stored)
        changed = _changed_since(holder, documents.values(), stored=stored)
        has_account = holder is not None and holder.has_account
        in_grace = holder is not None and has_account and _is_whole(holder, stored=stored)
    return visit.form_page(
        "registration/accept.html",
        because=error,
        problem=None if error is None else sentence_of(error, visit),
        changed=changed,
        has_account=has_account,
        in_grace=in_grace,
        phrase=own_phrase(visit),
        **shown,
    )


def _whose(visit: Visit, *, stored: Repositories) -> Holder | None:
    """Return the account or application that this browser has."""
    try:
        return visit.signed_in(stored).holder
    except SessionMissing:
        return None


def _is_whole(holder: Holder, *, stored: Repositories) -> bool:
    """Say whether the consent still counts: the newer version is announced, and the grace runs."""
    try:
        check_consent(holder.holder_id, stored=stored)
    except AgreementNotAccepted:
        return False
    return True


def _changed_since(holder: Holder | None, documents: Iterable[Agreement], *, stored: Repositories) -> frozenset[str]:
    """Return the kinds of documents of which this session accepted another version before."""
    if holder is None:
        return frozenset()
    signed = stored.agreements.signed(holder.holder_id)
    accepted = {(one.kind, one.version) for one in signed}
    before = {kind for kind, _ in accepted}
    return frozenset(
        one.kind.value for one in documents if one.kind in before and (one.kind, one.version) not in accepted
    )


def _way_on(visit: Visit) -> str | None:
    if visit.cookie is None:
        return None
    try:
        with visit.services.store.read() as stored:
            signed_in = visit.signed_in(stored)
            if may_apply_again(signed_in.holder):
                return None
            way_on = next_path(signed_in, stored=stored)
            if way_on in _WITH_CONSENT:
                check_consent(signed_in.holder.holder_id, stored=stored)
                # Within a grace everything goes on, and who comes here by the notice can accept already.
                if awaits_acceptance(signed_in.holder.holder_id, stored=stored):
                    return None
            return way_on
    except (SessionMissing, AgreementNotAccepted):
        return None
