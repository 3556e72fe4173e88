"""What an organisation asks for, with purposes and impact assessments, and its review by a checklist (PIPL 56)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.partners.application import ApplicantState, PartnerApplication, ReviewItem
from eztong.usecases.partners.apply_as_partner import find_partner_application, open_partner_contact, sector_id_of
from eztong.usecases.partners.review_partner import ReviewPartner, approve_partner, ask_partner, refuse_partner

HOME: Final = "/console/partners/applications"
SHOWN_OF_A_CODE: Final = 10
WAYS: Final = ("approve", "ask", "refuse")


def show(visit: Visit) -> Response:
    """Show one application; whoever keeps partners sees the contact, too, and that stands in the audit."""
    return _page(visit)


def review(visit: Visit) -> Response:
    """Approve it for the sandbox, ask for more, or refuse it, with the items that were looked at and the reason.

    Raises:
        ChoiceMissing: none of the three.
        NotFound: no such application.
    """
    how = visit.form.get("review", "")
    if how not in WAYS:
        raise ChoiceMissing
    command = ReviewPartner(
        application_id=_id(visit),
        items=_items(visit),
        reason=visit.form.get("reason", ""),
        seen_at=visit.seen_at(),
    )
    try:
        visit.audited(lambda: _review(visit, how, command), subject=command.application_id)
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"{HOME}/{command.application_id}")


def _review(visit: Visit, how: str, command: ReviewPartner) -> PartnerApplication:
    services = visit.services
    if how == "approve":
        months = services.deployment.recheck_months
        return services.perform(visit.acting, approve_partner, command, recheck_months=months)
    return services.perform(visit.acting, ask_partner if how == "ask" else refuse_partner, command)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["application_id"])


def _items(visit: Visit) -> frozenset[ReviewItem]:
    return frozenset(item for item in ReviewItem if visit.form.get(f"item_{item.value}") == "yes")


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    services = visit.services
    may_keep = visit.may(Permission.PARTNERS_KEEP)
    contact = services.perform(visit.acting, open_partner_contact, _id(visit)) if may_keep else None
    with services.store.read() as stored:
        application = find_partner_application(_id(visit), stored=stored)
        steps = stored.partner_applications.steps(application.application_id)
        sector = sector_id_of(application.wanted.sector)
        others = [one for one in stored.partners.list().those if one.partner_id != application.partner_id]
        same = stored.partner_applications.of_credit_code(application.credit_code, limit=SHOWN_OF_A_CODE + 1)
    is_english = visit.words.language == "en"
    sharing = [one.name_en if is_english else one.name for one in others if one.sector_id == sector]
    return visit.form_page(
        "partners/applications.html",
        because=error,
        application=application,
        contact=contact,
        sharing=sharing,
        same_code=[one for one in same if one.application_id != application.application_id][:SHOWN_OF_A_CODE],
        is_partner=application.state in {ApplicantState.APPROVED, ApplicantState.CLOSED},
        steps=steps,
        items=list(ReviewItem),
        ticked=_items(visit),
        may_review=may_keep and application.state in {ApplicantState.APPLIED, ApplicantState.SUPPLEMENT_NEEDED},
        reason=visit.form.get("reason", ""),
    )
