"""Which use case writes which events, as one table; a new event needs its line here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import eztong
from eztong.domain.events import Actor, EventKind
from eztong.domain.holder import FreezeCause
from eztong.domain.registration import Verdict
from eztong.usecases.registration.decide_application import _DECIDED
from eztong.usecases.sandbox.play_persona import _ACTING
from quality.trees import trees

SOURCE = Path(eztong.__file__).parent
K = EventKind
WRITTEN_BY = {
    "usecases/access/add_passkey.py": {K.PASSKEY_ADDED},
    "usecases/access/bind_device.py": {K.DEVICE_BOUND},
    "usecases/access/challenge_passkey.py": {K.PASSKEY_CLONED},
    "usecases/access/end_access.py": {K.DEVICE_UNBOUND, K.PASSKEY_REMOVED, K.SESSION_ENDED, K.SESSIONS_ENDED},
    "usecases/access/message_code.py": {K.WRONG_CODES},
    "usecases/access/open_session.py": {K.SIGNED_IN},
    "usecases/access/set_pin.py": {K.PIN_CHANGED, K.PIN_SET},
    "usecases/access/unlock.py": {K.PIN_LOCKED},
    "usecases/agreement_sets/keep_agreements.py": {K.AGREEMENTS_ANNOUNCED, K.AGREEMENTS_CALLED_OFF},
    "usecases/agreements/withdraw_authorisation.py": {K.AUTHORISATION_WITHDRAWN},
    "usecases/disputes/give_evidence.py": {K.BUNDLE_MADE},
    "usecases/disputes/open_dispute.py": {K.TICKET_OPENED},
    "usecases/death/answer_relatives.py": {K.GIVEN_TO_RELATIVES, K.NAME_CORRECTED, K.STAFF_READ},
    "usecases/death/choose_after_death.py": {K.AFTER_DEATH_CHOSEN},
    "usecases/death/keep_after_death.py": {K.DEREGISTRATION_ASKED},
    "usecases/deregistration/ask_deregistration.py": {K.DEREGISTRATION_ASKED},
    "usecases/deregistration/execute_deregistration.py": {K.DEREGISTERED},
    "usecases/assistance/parties.py": {
        K.ASSISTANCE_ENDED,
        K.HELPER_ACCEPTED,
        K.HELPER_CONFIRMED,
        K.HELPER_INVITED,
    },
    "usecases/contact/confirm_phone_change.py": {K.PHONE_CHANGED},
    "usecases/contact/end_opened.py": {
        K.AFTER_DEATH_CHOSEN,
        K.EMAIL_REMOVED,
        K.GRANTS_ENDED,
        K.NOTICES_CHOSEN,
        K.PHRASE_REMOVED,
    },
    "usecases/contact/keep_number.py": {K.PHONE_CHANGE_STOPPED, K.PHONE_CHANGE_UNDONE},
    "usecases/contact/begin_waiting.py": {K.PHONE_CHANGE_WAITING},
    "usecases/feedback/answer_ticket.py": {K.TICKET_ANSWERED},
    "usecases/feedback/open_ticket.py": {K.TICKET_OPENED},
    "usecases/freezing/freeze_holder.py": {K.FROZEN},
    "usecases/grants/switch_partner.py": {K.PARTNER_SWITCHED},
    "usecases/grants/withdraw_grant.py": {K.GRANT_WITHDRAWN},
    "usecases/guardianship/apply_for_child.py": {K.GUARDIAN_REFUSED},
    "usecases/note_care.py": {
        K.GUARDIAN_CONFIRMED,
        K.GUARDIAN_DECLARED,
        K.GUARDIAN_REFUSED,
        K.GUARDIANSHIP_ENDED,
    },
    "usecases/guardianship/ask_guardian.py": {K.TICKET_ANSWERED},
    "usecases/guardianship/come_of_age.py": {K.CAME_OF_AGE},
    "usecases/guardianship/hand_over.py": {K.HAND_OVER_OFFERED},
    "usecases/guardianship/invite_guardian.py": {K.GUARDIAN_INVITED},
    "usecases/guardianship/leave_ward.py": {K.FROZEN},
    "usecases/guardianship/settle_relation.py": {K.WARD_RELEASED},
    "usecases/guardianship/show_code.py": {K.CODE_SHOWN_FOR_WARD},
    "usecases/guardianship/take_back.py": {K.TAKEN_BACK, K.UNFROZEN},
    "usecases/guardianship/take_over.py": {K.TAKEN_OVER},
    "usecases/notices/warn_holder.py": {K.NOT_TOLD},
    "usecases/operators/find_by_number.py": {K.STAFF_READ},
    "usecases/own_data/correct_name.py": {K.CORRECTION_REFUSED, K.NAME_CORRECTED},
    "usecases/own_data/export_data.py": {K.DATA_EXPORTED},
    "usecases/own_data/note_reading.py": {K.STAFF_READ},
    "usecases/own_data/own_phrase.py": {K.PHRASE_CHOSEN, K.PHRASE_REMOVED},
    "usecases/own_data/reveal_for_staff.py": {K.STAFF_READ},
    "usecases/own_data/reveal_identity.py": {K.IDENTITY_REVEALED},
    "usecases/own_notices/add_email.py": {K.EMAIL_ASKED},
    "usecases/own_notices/choose_notices.py": {K.NOTICES_CHOSEN},
    "usecases/own_notices/prove_email.py": {K.EMAIL_ADDED},
    "usecases/own_notices/remove_email.py": {K.EMAIL_REMOVED},
    "usecases/records/report_not_me.py": {K.REPORTED},
    "usecases/recovery/reopen_account.py": {K.RECOVERED, K.UNFROZEN},
    "usecases/stop_waiting.py": {K.RECOVERY_STOPPED},
    "usecases/recovery/waiting_recovery.py": {K.RECOVERY_STARTED, K.RECOVERY_WITHDRAWN},
    "usecases/registration/lapse_applications.py": {K.APPLICATION_LAPSED},
    "usecases/partners/close_partner.py": {K.PARTNER_CLOSED},
    "usecases/registration/withdraw_application.py": {K.APPLICATION_WITHDRAWN},
    "usecases/registration/decide_application.py": {
        K.REGISTERED_AGAIN,
        K.REGISTRATION_APPROVE,
        K.REGISTRATION_APPROVE_RESTRICTED,
        K.REGISTRATION_REFUSE,
        K.REGISTRATION_REVIEW,
        K.REGISTRATION_SUPPLEMENT,
    },
    "usecases/restrictions/change_marks.py": {K.RESTRICTED, K.RESTRICTION_LIFTED},
    "usecases/restrictions/keep_document.py": {K.DOCUMENT_REMINDED},
    "usecases/restrictions/recheck_identity.py": {K.IDENTITY_CHECKED},
    "usecases/registration/wait_for_person.py": {K.APPLICATION_ANSWERED, K.APPLICATION_APPEALED},
    "usecases/restrictions/stop_for_death.py": {K.UNFROZEN},
    "usecases/undo_leaving.py": {K.DEREGISTRATION_UNDONE},
    "usecases/talks/answer_proposal.py": {K.TALK_ANSWERED},
    "usecases/cases/appeal_case.py": {K.CASE_APPEALED, K.CASE_LIFTED, K.CASE_UPHELD},
    "usecases/cases/take_measure.py": {K.CASE_DECIDED},
    "usecases/talks/move_talk.py": {K.TALK_FAILED, K.TALK_PROPOSED, K.TALK_SETTLED},
    "usecases/stop_account.py": {K.FROZEN},
}
# Members that nothing writes need their reason here, such as rows of an earlier version.
NOT_WRITTEN = {K.OTHER: "what a row of a later version is read as"}
MAKERS = {"usecases/note_event.py", "adapters/storage/sql/repositories/holders.py"}
ITSELF = "usecases/note_event.py"


def modules(name: str) -> dict[str, ast.Module]:
    """Return every module of the product that speaks of ``name``, by its place."""
    return {path.relative_to(SOURCE).as_posix(): tree for path, tree in trees(SOURCE, naming=name)}


def calls(module: ast.Module, name: str) -> Iterator[ast.Call]:
    """Give every call of what is called ``name``, also as an attribute."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", None), getattr(node.func, "attr", None)):
            yield node


def callers(name: str) -> set[str]:
    """Return the modules that call what is called ``name``."""
    return {place for place, module in modules(name).items() if any(calls(module, name))}


def members(node: ast.AST, kind: str) -> set[str]:
    """Return the members of an enumeration that are named anywhere in ``node``."""
    return {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == kind
    }


def named_kinds(call: ast.Call, module: ast.Module) -> set[EventKind]:
    """Return the kinds that a call of ``note_event`` can write: named in it, or in the module's table that it asks."""
    argument = call.args[2]
    asked: ast.AST = argument
    if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Name):
        asked = table(module, argument.value.id)
    found = {EventKind[name] for name in members(asked, "EventKind")}
    assert found, f"line {call.lineno}: name the members of EventKind in the call, or in a table of this module"
    return found


def table(module: ast.Module, name: str) -> ast.AST:
    """Return what a module-level name is set to."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return node.value or node
    raise AssertionError(name)


def written() -> dict[str, set[EventKind]]:
    """Return the kinds that each module writes, as its code says."""
    found: dict[str, set[EventKind]] = {}
    for place, module in modules("note_event").items():
        for call in calls(module, "note_event"):
            found[place] = found.get(place, set()) | named_kinds(call, module)
    return found


def test_every_use_case_writes_the_events_of_its_line() -> None:
    assert written() == WRITTEN_BY


def test_every_kind_is_written_or_says_why_not() -> None:
    wrote = set().union(*WRITTEN_BY.values())
    assert wrote | set(NOT_WRITTEN) == set(EventKind)
    assert not wrote & set(NOT_WRITTEN)


def test_nobody_is_named_who_is_not_known() -> None:
    named = [members(call, "Actor") for module in modules("Acting").values() for call in calls(module, "Acting")]
    assert Actor.OTHER.name not in set().union(*named)


def test_every_decision_and_every_freeze_has_its_event() -> None:
    assert {verdict: EventKind(f"registration_{verdict}") for verdict in Verdict} == _DECIDED
    assert set(_ACTING) == set(FreezeCause)


def test_events_are_made_in_one_place_and_read_in_one() -> None:
    assert callers("HolderEvent") == MAKERS
    assert callers("add_event") == {ITSELF}


def test_a_call_that_hides_its_kind_is_noticed() -> None:
    module = ast.parse("kind = EventKind.FROZEN\nnote_event(act, holder_id, kind)")
    (call,) = calls(module, "note_event")
    with pytest.raises(AssertionError, match="name the members"):
        named_kinds(call, module)
