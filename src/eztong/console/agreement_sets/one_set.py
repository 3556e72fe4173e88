"""One set of agreements: its documents, what it changes clause by clause, and proposing a draft (clause 5.6)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.agreement_sets.sets import HOME
from eztong.console.visit import Visit
from eztong.domain.agreement_sets.agreement_set import AgreementSet, SetUnknown, set_hash
from eztong.domain.agreements import AgreementState
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.call_off_set import CallOffSet, propose_calling_off
from eztong.usecases.agreement_sets.compare_set import compare_set, set_before
from eztong.usecases.agreement_sets.count_acceptances import count_accounts
from eztong.usecases.agreement_sets.draft_document import discard_draft
from eztong.usecases.agreement_sets.draft_set import find_set
from eztong.usecases.agreement_sets.publish_set import ProposeSet, hashes_of, propose_set

_MOST_DIGITS: Final = 9
ACTS: Final = ("propose", "discard", "call_off")


def show(visit: Visit) -> Response:
    """Show one set with what it changes."""
    return _page(visit)


def go_on(visit: Visit) -> Response:
    """Propose a draft to be published, or throw it away; propose that a published set is called off.

    Raises:
        SetUnknown: no such set.
        InputInvalid: none of them.
    """
    number, how = _number(visit), visit.form.get("act", "")
    try:
        if how == "discard":
            if not visit.may(Permission.AGREEMENTS_DRAFT):
                raise InputInvalid
            visit.audited(lambda: visit.services.perform(visit.acting, discard_draft, number), subject=str(number))
            return visit.redirect_done(HOME)
        made = visit.audited(lambda: _propose(visit, number, how), subject=str(number))
    except SetUnknown:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{made.proposal_id}")


def _propose(visit: Visit, number: int, how: str) -> Proposal:
    reason = visit.form.get("reason", "")
    if how == "propose":
        return visit.services.perform(visit.acting, propose_set, ProposeSet(number=number, reason=reason))
    if how == "call_off":
        return visit.services.perform(visit.acting, propose_calling_off, CallOffSet(number=number, reason=reason))
    raise InputInvalid("Choose what becomes of the set.")


def _number(visit: Visit) -> int:
    typed = str(visit.request.path_params["number"])
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS):
        raise SetUnknown
    return int(typed)


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        found = find_set(_number(visit), stored=stored)
        hashes = hashes_of(found, stored=stored)
        compared = compare_set(found, stored=stored)
        before = set_before(found, stored=stored)
        titles = _titles(visit, found, stored=stored)
        proposal = _open_proposal(visit, found, stored=stored)
        accounts = count_accounts(stored=stored)
    is_draft = found.state is AgreementState.DRAFT
    return visit.form_page(
        "agreement_sets/one_set.html",
        because=error,
        found=found,
        hash=set_hash(found, hashes),
        titles=titles,
        compared=compared,
        before=before,
        proposal=proposal,
        accounts=accounts,
        may_propose=is_draft and proposal is None and visit.may(Permission.AGREEMENTS_PROPOSE),
        may_call_off=found.state is AgreementState.SCHEDULED and visit.may(Permission.AGREEMENTS_PROPOSE),
        may_draft=is_draft and proposal is None and visit.may(Permission.AGREEMENTS_DRAFT),
        reason=visit.form.get("reason", ""),
        in_language=visit.words.language,
    )


def _titles(visit: Visit, found: AgreementSet, *, stored: Repositories) -> dict[tuple[str, str], str]:
    texts = (stored.agreements.version(one.kind, one.version, visit.words.language) for one in found.members)
    return {(text.kind.value, text.version): text.title for text in texts if text is not None}


def _open_proposal(visit: Visit, found: AgreementSet, *, stored: Repositories) -> Proposal | None:
    kinds = (ProposalKind.AGREEMENT_SET, ProposalKind.AGREEMENT_SET_OFF)
    known = (one for kind in kinds for one in stored.proposals.of_subject(kind, found.set_id))
    return next((one for one in known if one.state_at(visit.now) is ProposalState.OPEN), None)
