"""The table of the citizen door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.citizen.access import passkeys, sign_in, unlock
from eztong.citizen.agreements import documents, papers, withdraw
from eztong.citizen.agreements import signed as my_agreements
from eztong.citizen.assistance import accept as help_somebody
from eztong.citizen.assistance import helped
from eztong.citizen.assistance import invite as helper
from eztong.citizen.cases import by_number as decision_by_number
from eztong.citizen.cases import page as decisions
from eztong.citizen.codes import at_desk, scan
from eztong.citizen.codes import events as code_events
from eztong.citizen.codes import page as code
from eztong.citizen.codes import ward as ward_code
from eztong.citizen.contact import codes as phone_codes
from eztong.citizen.contact import keep as keep_phone
from eztong.citizen.contact import phone as phone_page
from eztong.citizen.deregistration import by_number
from eztong.citizen.deregistration import page as deregistration
from eztong.citizen.deregistration import ward as deregister_ward
from eztong.citizen.disputes import page as disputes
from eztong.citizen.feedback import page as feedback
from eztong.citizen.feedback import talk, ticket
from eztong.citizen.freezing import by_notice, freeze, frozen, lost
from eztong.citizen.grants import page as grants
from eztong.citizen.guardianship import confirm as confirm_ward
from eztong.citizen.guardianship import hand_over, take_over, ward
from eztong.citizen.guardianship import invite as invite_guardian
from eztong.citizen.guardianship import limits as limits_of_ward
from eztong.citizen.guardianship import page as family
from eztong.citizen.incidents import status
from eztong.citizen.me import data as my_data
from eztong.citizen.me import devices
from eztong.citizen.me import page as me
from eztong.citizen.notices import choices as notice_choices
from eztong.citizen.notices import page as notices
from eztong.citizen.notices import proof as email_proof
from eztong.citizen.own_data import after_death, correct, phrase, seen
from eztong.citizen.records import export as records_export
from eztong.citizen.records import not_me
from eztong.citizen.records import page as records
from eztong.citizen.recovery import recover, waiting
from eztong.citizen.registration import accept, answer, application, child, identity, phone, result
from eztong.citizen.requests import answer as approve
from eztong.citizen.restrictions import check as identity_check
from eztong.citizen.restrictions import pause
from eztong.citizen.shell import about, installable, start
from eztong.citizen.visit import PLAN, Visit
from eztong.http.streams import EventStreams
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.ports.services import Services


def routes(services: Services, assets: Assets, streams: EventStreams) -> list[Route]:
    """Return the routes of the door."""
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        *installable.routes(assets, services.brand),
        *_before_sign_in(door),
        *_from_outside(door),
        *_showing_and_answering(door, streams),
        *_own_pages(door),
        *_family(door),
    ]


def _before_sign_in(door: Door[Visit]) -> list[Route]:
    return [
        page(door, "/", get=start.show),
        page(door, "/offline", get=installable.offline),
        page(door, "/about", get=about.show),
        page(door, "/status", get=status.show),
        page(door, "/documents", get=documents.show_all),
        page(door, "/documents/{kind}", get=documents.show),
        page(door, "/documents/{kind}/{version}", get=documents.show_version),
        page(door, "/documents/{kind}/{version}/changes", get=documents.show_changes),
        page(door, "/feedback", get=feedback.show, post=feedback.send),
        page(door, "/feedback/status", get=ticket.ask, post=ticket.look),
        page(door, "/feedback/bundle", post=talk.bundle),
        page(door, "/decisions", get=decision_by_number.ask, post=decision_by_number.look),
        page(door, "/deregistration/status", get=by_number.ask, post=by_number.look),
        page(door, "/deregistration/undo", post=by_number.undo),
        page(door, "/deregistration/receipt", post=by_number.receipt),
        page(door, "/register", get=accept.show, post=accept.accept, when_forged=accept.go_on),
        page(door, "/register/phone", get=phone.ask, post=phone.send),
        page(door, "/register/otp", get=phone.ask_otp, post=phone.confirm),
        page(door, "/register/identity", get=identity.ask, post=identity.apply),
        page(door, "/register/result", get=result.show),
        page(door, "/register/guardian", get=invite_guardian.show, post=invite_guardian.invite),
        page(door, "/register/application", get=application.ask, post=application.send),
        page(door, "/register/application/code", get=application.ask_code, post=application.confirm),
        page(door, "/register/appeal", post=application.appeal),
        page(door, "/register/answer", post=answer.send),
        page(door, "/register/withdraw", post=answer.withdraw),
        page(door, "/sign-in", get=sign_in.ask, post=sign_in.send),
        page(door, "/sign-in/code", get=sign_in.ask_code, post=sign_in.confirm),
        page(door, "/sign-in/passkey/options", post=passkeys.offer_to_sign_in),
        page(door, "/sign-in/passkey", post=sign_in.confirm_passkey),
    ]


def _from_outside(door: Door[Visit]) -> list[Route]:
    return [
        page(door, "/lost", get=lost.ask, post=lost.send),
        page(door, "/lost/code", get=lost.ask_code, post=lost.confirm),
        page(door, "/lost/passkey/options", post=passkeys.offer_to_freeze),
        page(door, "/lost/passkey", post=lost.confirm_passkey),
        page(door, "/lost/link/{token}", get=by_notice.show, post=by_notice.freeze),
        page(door, "/notices/email/{token}", get=email_proof.show, post=email_proof.confirm),
        page(door, "/frozen", get=frozen.show),
        page(door, "/recover", get=recover.ask, post=recover.send),
        page(door, "/recover/code", get=recover.ask_code, post=recover.confirm),
        page(door, "/recover/passkey/options", post=passkeys.offer_to_recover),
        page(door, "/recover/passkey", post=recover.confirm_passkey),
        page(door, "/recover/done", get=recover.done),
        page(door, "/recover/waiting", get=waiting.show, post=waiting.go_on),
        page(door, "/recover/stop", post=waiting.stop),
        page(door, "/recover/stopped", get=waiting.show_stopped),
        page(door, "/take-over", get=take_over.ask, post=take_over.send),
        page(door, "/take-over/code", get=take_over.ask_code, post=take_over.confirm),
        page(door, "/phone/kept", get=keep_phone.show_kept),
        page(door, "/phone/keep/{token}", get=keep_phone.ask, post=keep_phone.keep),
        page(door, "/recover/stop/{token}", get=waiting.ask_by_link, post=waiting.stop_with_link),
    ]


def _showing_and_answering(door: Door[Visit], streams: EventStreams) -> list[Route]:
    return [
        page(door, "/unlock", get=unlock.ask, post=unlock.unlock),
        page(door, "/unlock/setup", get=unlock.ask_setup, post=unlock.setup),
        page(door, "/unlock/passkey/options", post=passkeys.offer_to_unlock),
        page(door, "/unlock/passkey", post=passkeys.unlock),
        page(door, "/code", get=code.show, post=code.issue),
        code_events.route(door, streams),
        page(door, "/code/spoken", post=code.issue_spoken),
        page(door, "/r/{token}", get=approve.show, post=approve.answer),
        page(door, "/at/{token}", get=at_desk.show, post=at_desk.go_on),
        page(door, "/scan", get=scan.show, post=scan.follow),
        scan.frames(door),
    ]


def _own_pages(door: Door[Visit]) -> list[Route]:
    return [
        page(door, "/me/passkeys/options", post=passkeys.offer_new),
        page(door, "/me/passkeys", post=passkeys.add),
        page(door, "/sign-out", post=sign_in.leave),
        page(door, "/freeze", get=freeze.ask, post=freeze.freeze),
        page(door, "/me", get=me.show, post=me.reveal, edit=correct.refuse),
        page(door, "/me/identity", get=identity_check.show, post=identity_check.ask),
        page(door, "/me/pause", get=pause.show, post=pause.act),
        page(door, "/me/correct", get=correct.show, post=correct.ask),
        page(door, "/me/phrase", get=phrase.show, post=phrase.choose),
        page(door, "/me/phone", get=phone_page.show, post=phone_page.act),
        page(door, "/me/phone/code", get=phone_codes.show, post=phone_codes.confirm),
        page(door, "/me/data", get=my_data.show, post=my_data.export),
        page(door, "/me/seen", get=seen.show),
        page(door, "/me/after-death", get=after_death.show, post=after_death.choose),
        page(door, "/me/devices", get=devices.show, post=devices.act),
        page(door, "/me/notices", get=notices.show, post=notices.mark),
        page(door, "/me/notices/choices", get=notice_choices.show, post=notice_choices.choose),
        page(door, "/records", get=records.show),
        page(door, "/records/export/{kind}", get=records_export.export),
        page(door, "/records/{record_id}", get=records.show_one),
        page(door, "/records/{record_id}/proof", get=records.proof),
        page(door, "/records/{record_id}/not-me", get=not_me.ask, post=not_me.report),
        page(door, "/records/{record_id}/assist", get=disputes.show, post=disputes.ask),
        page(door, "/records/{record_id}/bundle", get=disputes.bundle),
        page(door, "/grants", get=grants.show),
        page(door, "/grants/partners/{partner_id}", post=grants.switch),
        page(door, "/grants/{grant_id}/withdraw", post=grants.withdraw),
        page(door, "/feedback/{number}", get=ticket.show, post=ticket.add),
        page(door, "/me/cases", get=decisions.show),
        page(door, "/me/cases/{number}", get=decisions.show_one, post=decisions.appeal),
        page(door, "/me/deregister", get=deregistration.show, post=deregistration.ask),
        page(door, "/me/deregister/undo", post=deregistration.undo),
        page(door, "/me/agreements", get=my_agreements.show),
        page(door, "/me/agreements/withdraw", get=withdraw.ask, post=withdraw.withdraw),
        page(door, "/me/acts/{act_id}/receipt", get=my_agreements.act_receipt_of),
        page(door, "/me/agreements/{acceptance_id}", get=my_agreements.show_text),
        page(door, "/me/agreements/{acceptance_id}/receipt", get=my_agreements.receipt),
        page(door, "/me/agreements/{acceptance_id}/paper", get=papers.receipt),
        page(door, "/me/agreements/{acceptance_id}/record", get=papers.record),
    ]


def _family(door: Door[Visit]) -> list[Route]:
    return [
        page(door, "/me/family", get=family.show),
        page(door, "/me/family/child", get=child.show, post=child.apply),
        page(door, "/me/family/confirm", get=confirm_ward.show, post=confirm_ward.confirm),
        page(door, "/me/family/helper", get=helper.show, post=helper.act),
        page(door, "/me/family/helping", get=help_somebody.show, post=help_somebody.accept),
        page(door, "/me/family/helping/{assistance_id}", get=helped.show, post=helped.act),
        page(door, "/me/family/{guardianship_id}", get=ward.show, post=ward.act),
        page(door, "/me/family/{guardianship_id}/deregister", get=deregister_ward.show, post=deregister_ward.ask),
        page(door, "/me/family/{guardianship_id}/hand-over", get=hand_over.show, post=hand_over.act),
        page(door, "/me/family/{guardianship_id}/limits", get=limits_of_ward.show, post=limits_of_ward.act),
        page(door, "/me/family/{guardianship_id}/code", get=ward_code.show, post=ward_code.issue),
    ]
