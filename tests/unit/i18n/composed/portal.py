"""Keys that the pages of the partner portal put together from a prefix and a value."""

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome
from eztong.domain.desks.factor_rule import FactorRule
from eztong.domain.partners.application import ApplicantState
from eztong.domain.partners.partner import PartnerState
from eztong.domain.partners.quota import OverQuota
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import PortalRole
from eztong.partner_portal.apply_form import HEADINGS
from eztong.partner_portal.visit import MENU

_ERRORS = (
    "internal",
    "not_permitted",
    "not_found",
    "state_conflict",
    "input_invalid",
    "portal_refused",
    "operator_locked",
    "operator_invitation_refused",
    "one_time_code_wrong",
    "portal_name_invalid",
    "portal_name_taken",
    "portal_full",
    "portal_not_oneself",
    "portal_person_unknown",
    "portal_role_missing",
    "portal_not_open",
    "portal_day_invalid",
    "partner_state_conflict",
    "key_incomplete",
    "key_days_invalid",
    "key_form_used",
    "webhook_endpoint_unknown",
    "webhook_delivery_unknown",
    "webhook_url_invalid",
    "webhook_event_unknown",
    "webhook_endpoints_full",
    "webhook_endpoint_disabled",
    "webhook_endpoint_held",
    "webhook_secret_replaced",
    "webhook_delivery_pending",
    "desk_not_typed",
    "desk_state_conflict",
    "staff_login_taken",
    "staff_login_invalid",
    "credit_code_invalid",
    "partner_application_invalid",
    "partner_application_state",
    "receipt_unknown",
    "network_invalid",
    "redirect_invalid",
    "web_address_invalid",
    "email_invalid",
    "form_sent",
)
_APPLIED_WITH = ("name", "name_en", "credit_code", "person", "email", "sector", "redirects", "networks")
_OF_A_SCENE = ("title", "title_en", "scene", "purpose", "purpose_en", *HEADINGS)

KEYS = {
    *(key for _, key, _ in MENU),
    *(f"portal.error.{code}" for code in _ERRORS),
    *(f"portal.over_quota.{over}" for over in OverQuota),
    *(f"portal.quota_{how}_lead.{over}" for over in OverQuota for how in ("near", "used_up")),
    *(f"portal.factor_rule.{rule}" for rule in FactorRule),
    *(f"portal.role.{role}" for role in PortalRole),
    *(f"portal.role_lead.{role}" for role in PortalRole),
    *(f"portal.permission.{permission}" for permission in PortalPermission),
    *(f"portal.outcome.{outcome}" for outcome in Outcome),
    *(f"portal.outcome_lead.{outcome}" for outcome in Outcome),
    *(f"portal.claim.{claim}" for claim in Claim),
    *(f"portal.apply.{name}{hint}" for name in (*_APPLIED_WITH, *_OF_A_SCENE) for hint in ("", "_hint")),
    *(f"portal.apply.{word}.{state}" for word in ("state", "state_text") for state in ApplicantState),
    *(f"portal.method.{method}" for method in Method),
    *(
        f"portal.{word}.{state}"
        for state in PartnerState
        if state is not PartnerState.APPROVED
        for word in ("stands", "stands_lead")
    ),
}
