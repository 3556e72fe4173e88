"""What of an elder's messages the helper hears of: every topic, with the reason. The words never go along.

The helper reads in words of their own that something happened, to speak with the elder about it: no number, no partner,
no link, no day of a document, and never what proves the elder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from eztong.domain.notices import Topic


class NewsGoes(Enum):
    """Whether the helper hears of it."""

    ALWAYS = "always"
    USES = "uses"
    """If the elder ticked it."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class NewsRule:
    """Whether the helper hears of a topic, and why."""

    told: NewsGoes
    why: str


def _never(why: str) -> NewsRule:
    return NewsRule(NewsGoes.NEVER, why)


def _always(why: str) -> NewsRule:
    return NewsRule(NewsGoes.ALWAYS, why)


_PROOF: Final = "proves the elder: whoever has it can act in their place"
_OWN_WORDS: Final = "what the elder writes to us, and what comes of it, is the elder's own"
_OWN_DATA: Final = "is about the elder's own data"
_GOOD_NEWS: Final = "asks for nothing"
_TWIN: Final = "goes out together with what the helper hears of"
_HELPS: Final = "is about the helper, who is told in own words"
_OF_FAMILY: Final = "is about somebody else"
_PUBLIC: Final = "everybody is told the same, and has nothing to do"
_ENTRY: Final = "somebody else may have got into the account, or tries to"
_STOPS: Final = "the account stops working, or will"

TELLINGS: Final[Mapping[Topic, NewsRule]] = {
    Topic.OTP: _never(_PROOF),
    Topic.EMAIL_PROOF: _never(_PROOF),
    Topic.TEST: _never("is about no account"),
    Topic.DEREGISTERED: _never("names no account; that the help ended is told by itself"),
    Topic.REGISTRATION_DECIDED: _never("comes before there is an account to help with"),
    Topic.APPLICATION_LAPSED: _never("comes before there is an account to help with"),
    Topic.CODE_USED: NewsRule(NewsGoes.USES, "how the elder lives; only if the elder wants it"),
    Topic.PARTNER_CLOSED: _never("names what the elder used, and asks for nothing"),
    Topic.CODE_REPLAYED: _always("a code of the elder is in other hands"),
    Topic.ACCOUNT_FROZEN: _always(_STOPS),
    Topic.DEVICE_BOUND: _always(_ENTRY),
    Topic.ACCOUNT_RECOVERED: _always(_ENTRY),
    Topic.WRONG_CODES: _always(_ENTRY),
    Topic.REGISTERED_AGAIN: _always("somebody uses the elder's identity"),
    Topic.RECOVERY_WAITING: _always("can still be stopped, by the elder"),
    Topic.RECOVERY_STOPPED: _never(_GOOD_NEWS),
    Topic.PASSKEY_ADDED: _always(_ENTRY),
    Topic.PIN_CHANGED: _always(_ENTRY),
    Topic.AFTER_DEATH_CHOSEN: _never(_OWN_DATA),
    Topic.AUTHORISATION_WITHDRAWN: _always(_STOPS),
    Topic.AGREEMENTS_ASK: _always("without an answer the account stops working"),
    Topic.AGREEMENTS_CHANGE: _never(_PUBLIC),
    Topic.AGREEMENTS_OFF: _never(_PUBLIC),
    Topic.CLAUSE_SEVERED: _never(_PUBLIC),
    Topic.CLAUSE_RESTORED: _never(_PUBLIC),
    Topic.TICKET_ANSWERED: _never(_OWN_WORDS),
    Topic.TICKET_AT_STAKE: _never(_OWN_WORDS),
    Topic.TALK_OPENED: _never(_OWN_WORDS),
    Topic.TALK_PROPOSED: _never(_OWN_WORDS),
    Topic.TALK_SETTLED: _never(_OWN_WORDS),
    Topic.TALK_FAILED: _never(_OWN_WORDS),
    Topic.CASE_DECIDED: _always(_STOPS),
    Topic.CASE_UPHELD: _never(_OWN_WORDS),
    Topic.CASE_LIFTED: _never(_GOOD_NEWS),
    Topic.DOCUMENT_ENDS: _always("a reminder that asks for a walk to an office; without the day"),
    Topic.ACCOUNT_RESTRICTED: _always(_STOPS),
    Topic.RESTRICTION_LIFTED: _never(_GOOD_NEWS),
    Topic.EMAIL_ADDED: _always("what is told goes to one more address"),
    Topic.EMAIL_REMOVED: _always("what is told goes to one address less"),
    Topic.PHONE_CHANGED: _always(_ENTRY),
    Topic.PHONE_WAITING: _always("can still be stopped, by the elder"),
    Topic.PHONE_ADDED: _never(_TWIN),
    Topic.PHONE_COMING: _never(_TWIN),
    Topic.PHONE_KEPT: _never(_GOOD_NEWS),
    Topic.NAME_CORRECTED: _never(_OWN_DATA),
    Topic.CORRECTION_REFUSED: _never(_OWN_DATA),
    Topic.GUARDIAN_DECIDED: _never(_OF_FAMILY),
    Topic.GUARDIAN_ENDED: _never(_OF_FAMILY),
    Topic.CAME_OF_AGE: _never(_OF_FAMILY),
    Topic.TAKEN_OVER: _never(_OF_FAMILY),
    Topic.WARD_NEWS: _never(_OF_FAMILY),
    Topic.HELPER_ACCEPTED: _never(_HELPS),
    Topic.HELPER_BEGAN: _never(_HELPS),
    Topic.HELPER_ENDED: _never(_HELPS),
    Topic.HELPING_BEGAN: _never(_OF_FAMILY),
    Topic.HELPING_ENDED: _never(_OF_FAMILY),
    Topic.HELPER_NEWS: _never(_OF_FAMILY),
    Topic.DEREGISTRATION_ASKED: _always("can still be undone, by the elder"),
    Topic.DEREGISTRATION_UNDONE: _never(_GOOD_NEWS),
}
"""Every topic."""


def is_copied(topic: Topic, *, with_uses: bool) -> bool:
    """Say whether the helper hears of a message of this topic."""
    told = TELLINGS[topic].told
    return told is NewsGoes.ALWAYS or (told is NewsGoes.USES and with_uses)
