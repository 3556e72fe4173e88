"""What the agreement forbids: no order of events, in whatever sessions, may ever lead to one of these."""

from __future__ import annotations

from enum import StrEnum


class Forbidden(StrEnum):
    """A forbidden state, in words, with the clauses that forbid it."""

    PASSED_STOPPED = "verified while frozen, leaving, or after the end (2.9, 2.13)"
    PASSED_UNAUTHORISED = "verified after the authorisation was withdrawn (P-4, 3.6)"
    PASSED_SWITCHED_OFF = "verified for a partner that the holder switched off (2.3)"
    PASSED_RESTRICTED = "a restricted account passed where more is asked (2.5)"
    PASSED_PAUSED = "verified while the holder asked that nothing is used (2.3; PIPL art. 44)"
    PASSED_SUSPENDED = "a suspended partner got an answer (2.2)"
    SHOWN_STOPPED = "a code shown for an account that may have none (2.9, 2.11, 2.13)"
    SHOWN_UNAUTHORISED = "a code shown after the authorisation was withdrawn (P-3, 3.6)"
    SHOWN_PAUSED = "a code shown while the holder asked that nothing is used (2.3; PIPL art. 44)"
    ASKED_PAUSED = "the authority was asked about an account whose data are used for nothing (PIPL art. 44)"
    ASKED_UNAUTHORISED = "the authority was asked after the authorisation was withdrawn (P-3, 3.6)"
    ACTED_LOCKED = "a code, an approval or a leave without a fresh unlock (2.6)"
    ACTED_SIGNED_OUT = "an act from a session that has ended, or of nobody's (2.6)"
    TOLD_UNGRANTED = "data passed without a live authorisation of its own (P-4, 2.3)"
    CODE_AGAIN = "an ended code passed (2.11)"
    REQUEST_AGAIN = "an ended request was answered (2.2)"
    GRANT_AGAIN = "an ended grant, or somebody else's, was withdrawn (2.3)"
    OTHER_STATE = "an account stands otherwise than what happened to it says (2.9, 2.13)"
    FREEZE_LIFTED = "a freeze of the operator or the risk rules was lifted by the holder, or a thief (2.9)"
    UNDONE_LATE = "a deregistration was undone that had ended (2.13)"
    ERASED_UNASKED = "an account was erased that was not leaving, or whose time was not over (2.13)"
    NOT_ERASED = "an account whose time was over was not erased, or something of it opens still (2.13)"
    CASE_DODGED = "whoever left in the middle of a case has an account again that nobody decided on (2.1)"
    OTHERS_TOUCHED = "what one holder did changed something of another's"
    LINKABLE = "the same pseudonym at two partners, or for two accounts; or two for one account and partner (2.13)"
    TICKET_GOES_ON = "something was added to a ticket that had ended (P-6)"
    TICKET_OF_ANOTHER = "a ticket was opened by who did not write it (P-6)"
    APPROVED_BY_ITS_MAKER = "a proposal was decided by who made it, or by another name of the same person (rule 8)"
    ABOUT_ONESELF = "an operator decided about the own account (rule 8)"
    DECIDED_WITHOUT_ROLE = "an operator acted who may not (rule 8)"
    DISABLED_BY_ITSELF = "an operator was disabled by the same person (rule 8)"
    PROPOSAL_AGAIN = "a proposal that had ended was decided (rule 8)"
    UNDECIDED_IN_FORCE = "something holds that no second operator approved (rule 8)"
    MINOR_ALONE = "an account of somebody under 18 whom no guardian confirmed (preamble; PIPL art. 31)"
    CHILD_UNCONSENTED = "something of a child stored before the guardian agreed to all of it (preamble; PIPL art. 31)"
    INVITATION_OVER = "an invitation taken that was used, replaced, or older than a day (preamble)"
    INVITATION_WRONG = "an invitation taken by who does not know its digits (preamble)"
    INVITED_IN_VAIN = "somebody invited, or was confirmed, who has a guardian, awaits one, or needs none (preamble)"
    RELATION_DIFFERS = "a guardian who says to be something else than the minor said (preamble)"
    RELATION_UNPROVEN = "a guardian whom neither the authority nor staff confirmed (preamble)"
    RELATION_AGAIN = "a relation was decided that waited for no decision, or declared twice (preamble)"
    TAKEN_OVER = "a ward with a guardian got another whom no staff confirmed (preamble)"
    TWO_GUARDIANS = "two guardians of one ward at a time (preamble)"
    OTHER_CARE = "a guardianship stands otherwise than what happened to it says (preamble)"
    NOT_THEIRS = "somebody acted for a ward who is, or is now, another's or nobody's (preamble)"
    CARE_BY_STOPPED = "somebody acted or was confirmed as guardian whose own account is stopped (2.9, 2.13)"
    SHOWN_AT_14 = "a guardian showed the code of somebody who is 14 or older (preamble)"
    ENDED_FOR_WARD = "a guardian ended the account of a ward who signs in alone (2.13)"
    ENDED_PAUSED = "a guardian of whom nothing passes let an account of a ward go on, or ended it (2.5; PIPL art. 44)"
    ACTED_FOR_ADULT = "a guardian acted for somebody who is 18 or older and signs in alone (Civil Code art. 17)"
    FREED_BY_WARD = "a guardian's freeze was lifted by the ward, or a thief (2.9)"
    FREED_BY_GUARDIAN = "a freeze of the ward's own, or of the risk rules, was lifted by the guardian (2.9)"
    DECIDED_OWN_RELATION = "an operator decided whose guardian they are, or who is theirs (rule 8)"
    CHILD_ENTERED = "somebody signed in to the account of a child (preamble)"
    STUCK = "what the agreement allows was refused"


class ForbiddenState(AssertionError):
    """The machine reached a forbidden state."""

    def __init__(self, which: Forbidden, said: str = "") -> None:
        """Keep which."""
        super().__init__(f"{which.name}: {which.value} {said}".strip())
        self.which = which


def never(happened: object, which: Forbidden, said: str = "") -> None:
    """Fail if it happened.

    Raises:
        ForbiddenState: it did.
    """
    if happened:
        raise ForbiddenState(which, said)
