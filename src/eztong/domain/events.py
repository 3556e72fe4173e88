"""What can happen to an account: every kind of event that is written, and who did it.

The values stand in databases. A member is added with the use case that writes it and with its words on the page; none
is renamed or taken out, since rows of before keep saying it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What happened."""

    REGISTRATION_APPROVE = "registration_approve"
    """The application was approved."""
    REGISTRATION_APPROVE_RESTRICTED = "registration_approve_restricted"
    """The application was approved, for scenes of low assurance only."""
    REGISTRATION_REFUSE = "registration_refuse"
    """The application was refused."""
    REGISTRATION_REVIEW = "registration_review"
    """The application waits for a person who looks at it."""
    REGISTRATION_SUPPLEMENT = "registration_supplement"
    """The application waits for something more from its holder."""
    APPLICATION_APPEALED = "application_appealed"
    """The applicant objected to a refusal; a person looks at it."""
    APPLICATION_ANSWERED = "application_answered"
    """The applicant answered what was asked besides; a person looks at it."""
    APPLICATION_WITHDRAWN = "application_withdrawn"
    """The applicant withdrew the application, and nothing of it was kept."""
    REGISTERED_AGAIN = "registered_again"
    """Somebody applied once more with the holder's name and number."""

    DEVICE_BOUND = "device_bound"
    """A device became the account's own."""
    DEVICE_UNBOUND = "device_unbound"
    """A device was stopped by its holder."""
    SIGNED_IN = "signed_in"
    """A session of the account was opened."""
    SESSION_ENDED = "session_ended"
    """One session was ended from another."""
    SESSIONS_ENDED = "sessions_ended"
    """All sessions but one were ended."""
    WRONG_CODES = "wrong_codes"
    """Wrong message codes were typed until no more were taken."""
    PIN_SET = "pin_set"
    """The account got its first PIN."""
    PIN_CHANGED = "pin_changed"
    """The PIN was replaced."""
    PIN_LOCKED = "pin_locked"
    """Wrong PINs locked the PIN for a time."""
    PASSKEY_ADDED = "passkey_added"
    """A passkey was added."""
    PASSKEY_REMOVED = "passkey_removed"
    """A passkey was removed."""
    PASSKEY_CLONED = "passkey_cloned"
    """A passkey whose counter went back, as a copy's would, was refused."""

    FROZEN = "frozen"
    """The account was frozen."""
    UNFROZEN = "unfrozen"
    """A freeze was lifted."""
    RECOVERY_STARTED = "recovery_started"
    """A recovery began to wait, after the authority confirmed the person."""
    RECOVERY_STOPPED = "recovery_stopped"
    """A recovery that waited was stopped."""
    RECOVERY_WITHDRAWN = "recovery_withdrawn"
    """A recovery that waited was given up by the browser that began it."""
    RECOVERED = "recovered"
    """The account was opened again for a new device."""

    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    """The user authorisation agreement was withdrawn."""
    AGREEMENTS_ANNOUNCED = "agreements_announced"
    """The holder was told of a new set of agreements, or of a clause that does not apply."""
    PHONE_CHANGED = "phone_changed"
    """The account got another phone."""
    PHONE_CHANGE_WAITING = "phone_change_waiting"
    """A change of the phone began to wait, after the authority confirmed the person."""
    PHONE_CHANGE_STOPPED = "phone_change_stopped"
    """A change of the phone that waited was stopped."""
    PHONE_CHANGE_UNDONE = "phone_change_undone"
    """The account got the phone of before again."""
    NAME_CORRECTED = "name_corrected"
    """The name was replaced, after the authority matched the new one."""
    CORRECTION_REFUSED = "correction_refused"
    """The name was not replaced."""
    RESTRICTED = "restricted"
    """A mark was set that limits the account."""
    RESTRICTION_LIFTED = "restriction_lifted"
    """A mark was lifted."""
    IDENTITY_CHECKED = "identity_checked"
    """The authority was asked about the person again."""
    DOCUMENT_REMINDED = "document_reminded"
    """The holder was reminded of the day on which the document ends."""

    GUARDIAN_INVITED = "guardian_invited"
    """A minor made an invitation for a guardian."""
    GUARDIAN_DECLARED = "guardian_declared"
    """A guardian declared to be one, and consented."""
    GUARDIAN_CONFIRMED = "guardian_confirmed"
    """The guardianship was confirmed, by the authority or by staff."""
    GUARDIAN_REFUSED = "guardian_refused"
    """The guardianship was not confirmed."""
    GUARDIANSHIP_ENDED = "guardianship_ended"
    """A guardianship ended."""
    WARD_RELEASED = "ward_released"
    """A guardian's freeze was lifted; what else stops the account stays."""
    CODE_SHOWN_FOR_WARD = "code_shown_for_ward"
    """A guardian showed a code for the ward."""
    CAME_OF_AGE = "came_of_age"
    """The holder's 14th or 18th birthday changed the rule."""

    HELPER_INVITED = "helper_invited"
    """An elder made an invitation for a helper."""
    HELPER_ACCEPTED = "helper_accepted"
    """A helper typed the digits of an invitation."""
    HELPER_CONFIRMED = "helper_confirmed"
    """The elder confirmed who typed them: the help began."""
    ASSISTANCE_ENDED = "assistance_ended"
    """An invitation or a help ended."""

    GRANT_WITHDRAWN = "grant_withdrawn"
    """A grant was withdrawn."""
    PARTNER_SWITCHED = "partner_switched"
    """A partner was switched on or off."""
    REPORTED = "reported"
    """A record was reported as not the holder's own."""
    TICKET_OPENED = "ticket_opened"
    """The holder wrote to the service."""
    TICKET_ANSWERED = "ticket_answered"
    """The service answered what the holder wrote."""
    TALK_PROPOSED = "talk_proposed"
    """The service proposed how a disagreement with it may be settled."""
    TALK_ANSWERED = "talk_answered"
    """The holder answered the proposal otherwise than by accepting it."""
    TALK_SETTLED = "talk_settled"
    """The holder accepted the proposal."""
    TALK_FAILED = "talk_failed"
    """The talks failed; a court may decide."""
    BUNDLE_MADE = "bundle_made"
    """Evidence of a record or of talks was put together, for its holder or for its partner."""
    NOT_TOLD = "not_told"
    """A message about something could not be made for everybody who hears of it."""
    EMAIL_ASKED = "email_asked"
    """An e-mail address was given, with its own consent."""
    EMAIL_ADDED = "email_added"
    """The address was confirmed by its link."""
    EMAIL_REMOVED = "email_removed"
    """The address was removed."""
    PHRASE_CHOSEN = "phrase_chosen"
    """The holder chose the phrase that pages of the service show."""
    PHRASE_REMOVED = "phrase_removed"
    """The phrase was removed, by its holder or because somebody else may know it."""
    NOTICES_CHOSEN = "notices_chosen"
    """The holder chose what is told."""
    DEREGISTRATION_ASKED = "deregistration_asked"
    """The holder asked for the account to be ended."""
    DEREGISTRATION_UNDONE = "deregistration_undone"
    """A deregistration was undone while it could be."""
    DEREGISTERED = "deregistered"
    """The account was erased."""
    IDENTITY_REVEALED = "identity_revealed"
    """Name and number were shown in full."""
    DATA_EXPORTED = "data_exported"
    """A copy of all data was taken."""
    AFTER_DEATH_CHOSEN = "after_death_chosen"
    """The holder chose what shall become of the account after the own death."""
    GIVEN_TO_RELATIVES = "given_to_relatives"
    """Two operators had a copy of the data given to relatives of a holder who was said to have died."""
    STAFF_READ = "staff_read"
    """A member of the operator's staff was shown something of the account, or words of its holder."""

    OTHER = "other"
    """Read only, never written: a kind that this version does not know."""


class Actor(StrEnum):
    """Who did it."""

    HOLDER = "holder"
    """The account's holder, or whoever passed as one."""
    GUARDIAN = "guardian"
    """The guardian, for the ward whose account it is."""
    HELPER = "helper"
    """The helper, about the help for an elder."""
    ELDER = "elder"
    """The elder, about the help: in the history of the helper."""
    OPERATOR = "operator"
    """The operator's staff."""
    PARTNER = "partner"
    """A partner's server or staff."""
    RISK = "risk"
    """The risk rules."""
    SYSTEM = "system"
    """The service by itself."""

    OTHER = "other"
    """Read only, never written: somebody whom this version does not know."""


# Some acts of the holder were written so before there was a catalogue; these rows stay as they are.
_HOLDER_BEFORE: Final = "self"


def read_kind(stored: str) -> EventKind:
    """Return the kind that a row names; whatever a later version wrote is :attr:`EventKind.OTHER`."""
    try:
        return EventKind(stored)
    except ValueError:
        return EventKind.OTHER


def read_actor(stored: str) -> Actor:
    """Return who a row says it was; somebody unknown is :attr:`Actor.OTHER`."""
    if stored == _HOLDER_BEFORE:
        return Actor.HOLDER
    try:
        return Actor(stored)
    except ValueError:
        return Actor.OTHER
