"""The tour: every page that a person can meet, and how a window gets there.

Accessibility, strictness, weight and the gallery of screenshots all walk this one list, so a new page is a new line.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser import ways
from tests.browser.steps import (
    agreement_sets,
    applying,
    asking_more,
    at_console,
    at_portal,
    changing_phone,
    deciding,
    helping,
    own_account,
    recovering,
    standing,
    talking,
    together,
)
from tests.browser.stop import Stop, as_somebody, at, then


def citizen() -> Iterator[Stop]:
    """Give the pages on the way to an account."""
    yield Stop("start", at("/"))
    yield Stop("register-documents", at("/register"))
    yield Stop("register-phone", ways.to_phone)
    yield Stop("register-otp", lambda window: ways.to_otp(window, ways.new_phone()))
    yield Stop("register-identity", ways.to_identity)
    yield Stop("result-approved", ways.to_approval)
    yield Stop("result-review", lambda window: ways.to_result(window, "P22"))
    yield Stop("result-refused", lambda window: ways.to_result(window, "P03"))
    yield Stop("result-objected", asking_more.objected)
    yield Stop("result-asked", asking_more.asked)
    yield Stop("result-answered", asking_more.answered)
    yield Stop("result-withdrawn", asking_more.withdrawn)
    yield Stop("application", at("/register/application"))
    yield Stop("application-code", standing.to_application_code)
    yield Stop("result-frozen", recovering.to_frozen_result)
    yield Stop("result-guardian", lambda window: ways.to_result(window, "P08"))


def holder() -> Iterator[Stop]:
    """Give the pages of whoever has an account."""
    yield Stop("unlock-setup", then(lambda window: window.be(window.service.somebody()), "/unlock/setup"))
    yield Stop("unlock", standing.to_unlock)
    yield Stop("sign-in", at("/sign-in"))
    yield Stop("lost", at("/lost"))
    yield Stop("recover", at("/recover"))
    yield Stop("take-over", at("/take-over"))
    yield Stop("code-ready", then(lambda window: window.be(window.service.somebody()), "/code"))
    yield Stop("code-locked", standing.locked)
    yield Stop("code-shown", ways.to_code)
    yield Stop("code-spoken", standing.spoken)
    yield Stop("code-used", ways.use_code)
    yield Stop("request-elsewhere", ways.to_request_elsewhere)
    yield Stop("request", ways.to_request)
    yield Stop("request-approved", lambda window: ways.answer_request(window, "agree"))
    yield Stop("request-declined", lambda window: ways.answer_request(window, "refuse"))
    yield Stop("request-reported", lambda window: ways.answer_request(window, "report"))
    yield Stop("request-over", ways.to_request_over)
    yield Stop("scan", then(lambda window: window.be(window.service.somebody()), "/scan"))
    yield Stop("scan-foreign", ways.scan_something_foreign)
    yield Stop("records", as_somebody("/records"))
    yield Stop("records-empty", then(lambda window: window.be(window.service.somebody()), "/records"))
    yield Stop("record", standing.newest_record)
    yield Stop("record-not-me", standing.not_me)
    yield Stop("record-dispute", standing.dispute)
    yield Stop("record-helped", standing.helped)
    yield Stop("grants", then(lambda window: ways.answer_request(window, "agree"), "/grants"))
    yield Stop("me", as_somebody("/me"))
    yield Stop("me-shown", standing.me_shown)
    yield Stop("my-data", as_somebody("/me/data"))
    yield Stop("after-death", as_somebody("/me/after-death"))
    yield Stop("seen", then(lambda window: ways.answer_request(window, "agree"), "/me/seen"))
    yield Stop("about", at("/about"))
    yield Stop("status", at("/status"))
    yield Stop("status-incident", standing.during_an_incident(at("/status")))
    yield Stop("code-incident", standing.during_an_incident(ways.to_code))
    yield Stop("devices", as_somebody("/me/devices"))
    yield Stop("phone", as_somebody("/me/phone"))
    yield Stop("phone-codes", changing_phone.to_codes)
    yield Stop("phone-changed", changing_phone.changed)
    yield Stop("phone-keep", changing_phone.to_keep_link)
    yield Stop("phone-kept", at("/phone/kept"))
    yield Stop("correct", as_somebody("/me/correct"))
    yield Stop("phrase", own_account.to_phrase)
    yield Stop("unlock-phrase", own_account.to_unlock_with_phrase)
    yield Stop("freeze", as_somebody("/freeze"))
    yield Stop("frozen", standing.frozen)
    yield Stop("offline", at("/offline"))
    yield Stop("not-found", at("/r/nothing"))


def documents() -> Iterator[Stop]:
    """Give the pages of agreements: what somebody accepted, what is in force, what comes."""
    yield Stop("agreements", as_somebody("/me/agreements"))
    yield Stop("withdraw", as_somebody("/me/agreements/withdraw"))
    yield Stop("withdrawn", standing.withdrawn)
    yield Stop("agreement-text", standing.accepted_text)
    yield Stop("document", at("/documents/service"))
    yield Stop("documents", agreement_sets.announced)
    yield Stop("document-changes", agreement_sets.changed)
    yield Stop("document-marked", agreement_sets.marked)


def families() -> Iterator[Stop]:
    """Give the pages of guardians and of who invites one."""
    yield Stop("guardian-invited", own_account.to_invitation)
    yield Stop("family", own_account.to_family)
    yield Stop("family-child", as_somebody("/me/family/child"))
    yield Stop("family-confirm", as_somebody("/me/family/confirm"))
    yield Stop("family-ward", own_account.to_ward)
    yield Stop("family-limits", own_account.to_limits)
    yield Stop("family-deregister", own_account.to_leaving)
    yield Stop("family-code", own_account.to_childs_code)
    yield Stop("helper-none", as_somebody("/me/family/helper"))
    yield Stop("helper-invited", helping.to_helper_digits)
    yield Stop("helper-asks", helping.to_asking_helper)
    yield Stop("helper-helps", helping.to_confirmed_helper)
    yield Stop("helping", as_somebody("/me/family/helping"))
    yield Stop("helped", helping.to_helped)
    yield Stop("family-helpers", helping.to_helpers_family)


def notices() -> Iterator[Stop]:
    """Give the pages on which a holder is told, and chooses what."""
    yield Stop("notices", own_account.a_notice)
    yield Stop("notices-empty", as_somebody("/me/notices"))
    yield Stop("me-unread", then(own_account.a_notice, "/me"))
    yield Stop("notice-choices", own_account.choose)
    yield Stop("notice-email", own_account.given_email)
    yield Stop("email-link", own_account.to_email_link)
    yield Stop("freeze-link", own_account.to_freeze_link)


def feedback() -> Iterator[Stop]:
    """Give the pages on which people write to the service."""
    yield Stop("identity-check", then(standing.expired, "/me/identity"))
    yield Stop("identity-check-limits-nothing", as_somebody("/me/identity"))
    yield Stop("identity-checked", standing.checked)
    yield Stop("pause", as_somebody("/me/pause"))
    yield Stop("paused", standing.paused)
    yield Stop("me-limited", then(standing.expired, "/me"))
    yield Stop("feedback", as_somebody("/feedback"))
    yield Stop("feedback-sent", standing.written)
    yield Stop("feedback-ticket", standing.own_ticket)
    yield Stop("feedback-look-up", at("/feedback/status"))
    yield Stop("decisions", deciding.to_decisions)
    yield Stop("decision", deciding.to_decision)
    yield Stop("decision-look-up", at("/decisions"))
    yield Stop("talks-form", talking.to_talks_form)
    yield Stop("talks-open", talking.to_open_talks)
    yield Stop("talks-proposed", talking.to_proposal)
    yield Stop("talks-settled", talking.to_settled_talks)
    yield Stop("talks-failed", talking.to_failed_talks)
    yield Stop("deregister", as_somebody("/me/deregister"))
    yield Stop("deregister-asked", own_account.leaving)
    yield Stop("deregister-standing", then(own_account.leaving, "/me/deregister"))
    yield Stop("deregister-look-up", at("/deregistration/status"))
    yield Stop("deregister-done", own_account.left)


def recovery() -> Iterator[Stop]:
    """Give the pages of a recovery that waits."""
    yield Stop("recover-code", recovering.to_recover_form)
    yield Stop("recover-waiting", recovering.to_waiting_page)
    yield Stop("recover-due", recovering.to_due_page)
    yield Stop("recover-notice", recovering.to_notice)
    yield Stop("recover-stop", recovering.to_stop_link)
    yield Stop("recover-stopped", at("/recover/stopped"))


def desk() -> Iterator[Stop]:
    """Give the desk's pages."""
    yield Stop("desk-sign-in", at("/desk/sign-in"))
    yield Stop("desk-set-up", at("/desk/set-up"))
    yield Stop("desk-offer", at_portal.to_desk_offer)
    yield Stop("desk-place", ways.to_place)
    yield Stop("desk-place-lost", at_portal.to_lost_place)
    yield Stop("desk", ways.to_desk)
    yield Stop("desk-passed", lambda window: ways.scan_at_desk(window, standing.fresh_code(window)))
    yield Stop("desk-stale", lambda window: ways.scan_at_desk(window, standing.used_code(window)))
    yield Stop("desk-refused", lambda window: ways.scan_at_desk(window, standing.frozen_code(window)))
    yield Stop("desk-sign", then(ways.to_desk, "/desk/sign"))


def console() -> Iterator[Stop]:
    """Give the console's pages about people and the rules for them."""
    yield Stop("console-sign-in", at("/console/sign-in"))
    yield Stop("console-set-up", at("/console/set-up"))
    yield Stop("console-offer", at_console.to_offer)
    yield Stop("console", at_console.staff("/console"))
    yield Stop("console-applications", at_console.to_applications)
    yield Stop("console-application", at_console.to_application)
    yield Stop("console-cases", deciding.to_cases)
    yield Stop("console-case", deciding.to_case)
    yield Stop("console-guardianships", at_console.to_guardianships)
    yield Stop("console-accounts", at_console.staff("/console/accounts"))
    yield Stop("console-find", at_console.staff("/console/find"))
    yield Stop("console-person", at_console.to_person)
    yield Stop("console-incidents", at_console.staff("/console/incidents"))
    yield Stop("console-incident", at_console.to_incident)
    yield Stop("console-report", at_console.to_report)
    yield Stop("console-reports", then(at_console.to_report, "/console/incidents/reports"))
    yield Stop("console-agreements", at_console.staff("/console/agreements"))
    yield Stop("console-agreements-draft", at_console.to_draft)
    yield Stop("console-agreements-set", at_console.to_set)
    yield Stop("console-agreements-accepted", at_console.staff("/console/agreements/accepted"))
    yield Stop("console-policy", at_console.staff("/console/policy"))
    yield Stop("console-policy-draft", at_console.to_policy_draft)
    yield Stop("console-policy-version", at_console.staff("/console/policy/versions/2026-03"))
    yield Stop("console-retention", at_console.staff("/console/policy/retention"))
    yield Stop("console-tickets", at_console.staff("/console/tickets"))
    yield Stop("console-ticket", at_console.to_ticket)
    yield Stop("console-tickets-look", together.to_look)
    yield Stop("console-tickets-result", together.to_result)
    yield Stop("console-proposal", at_console.to_proposal)
    yield Stop("console-proposals", then(at_console.to_proposal, "/console/proposals"))


def console_of_the_service() -> Iterator[Stop]:
    """Give the console's pages about partners, operators and the service itself."""
    yield Stop("console-partners", at_console.to_partners)
    yield Stop("console-partner-application", at_console.to_partner_application)
    yield Stop("console-partner", at_console.staff("/console/partners/hotel"))
    yield Stop("console-partner-desks", at_console.staff("/console/partners/hotel/desks"))
    yield Stop("console-webhook", at_console.to_webhook)
    yield Stop("console-partner-key", at_portal.to_console_key)
    yield Stop("console-partner-person", at_portal.to_console_person)
    yield Stop("console-operators", at_console.staff("/console/operators"))
    yield Stop("console-operator", at_console.to_word)
    yield Stop("console-branding", at_console.staff("/console/branding"))
    yield Stop("console-brand-version", at_console.to_brand_version)
    yield Stop("console-texts", at_console.staff("/console/texts"))
    yield Stop("console-text", at_console.to_text)
    yield Stop("console-operations", at_console.staff("/console/operations"))
    yield Stop("console-service", at_console.staff("/console/service"))
    yield Stop("console-keys", at_console.to_keys)
    yield Stop("console-keys-change", at_console.staff("/console/keys/change?what=kek"))
    yield Stop("console-keys-reseal", at_console.staff("/console/keys/change?what=reseal"))
    yield Stop("console-audit", at_console.staff("/console/audit"))
    yield Stop("console-emergency", at_console.staff("/console/emergency"))
    yield Stop("console-me", at_console.staff("/console/me"))
    yield Stop("console-backup-codes", at_console.to_backup_codes)
    yield Stop("console-confirm", at_console.staff("/console/confirm"))


def portal() -> Iterator[Stop]:
    """Give the partner portal's pages."""
    yield Stop("portal-sign-in", at("/partner/sign-in"))
    yield Stop("portal-set-up", at("/partner/set-up"))
    yield Stop("portal-apply", applying.to_filled)
    yield Stop("portal-applied", applying.to_sent)
    yield Stop("portal-apply-ask", at("/partner/apply/state"))
    yield Stop("portal-apply-state", applying.to_state)
    yield Stop("portal-offer", at_portal.to_offer)
    yield Stop("portal", at_portal.portal("/partner"))
    yield Stop("portal-verifications", at_portal.verified)
    yield Stop("portal-verification", at_portal.to_verification)
    yield Stop("portal-usage", at_portal.to_used)
    yield Stop("portal-keys", at_portal.to_made_key)
    yield Stop("portal-key", at_portal.to_key)
    yield Stop("portal-webhooks", at_portal.portal("/partner/webhooks"))
    yield Stop("portal-webhook", at_portal.to_webhook)
    yield Stop("portal-desks", at_portal.portal("/partner/desks"))
    yield Stop("portal-desk", at_portal.to_own_desk)
    yield Stop("portal-staff", at_portal.portal("/partner/desks/staff/hotel"))
    yield Stop("portal-people", at_portal.portal("/partner/people"))
    yield Stop("portal-person", at_portal.to_invited)
    yield Stop("portal-me", at_portal.portal("/partner/me"))
    yield Stop("portal-confirm", at_portal.portal("/partner/confirm"))


def sandbox() -> Iterator[Stop]:
    """Give the sandbox's pages."""
    yield Stop("sandbox", at("/sandbox"))
    yield Stop("sandbox-personas", at("/sandbox/personas"))
    yield Stop("sandbox-inbox", at("/sandbox/inbox"))
    yield Stop("sandbox-controls", at("/sandbox/controls"))
    yield Stop("sandbox-hotel", at("/sandbox/hotel"))
    yield Stop("sandbox-game", at("/sandbox/game"))
    yield Stop("sandbox-game-asked", standing.ask_at_game)
    yield Stop("sandbox-side-by-side", at("/sandbox/side-by-side"))


TOUR = (
    *citizen(),
    *holder(),
    *documents(),
    *families(),
    *notices(),
    *feedback(),
    *recovery(),
    *desk(),
    *console(),
    *console_of_the_service(),
    *portal(),
    *sandbox(),
)
