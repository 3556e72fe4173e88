"""Operators: the staff of the service, each with a name, roles and a secret of their own (design rule 8).

An operator may be linked to persons, by the keyed index of a citizen number, whether or not there is an account: nobody
decides about oneself, and two operators of one person are one. Who gave somebody a secret may know it, and counts as
that operator until they renewed it alone, and for a day in any case: a name that was made up and renewed within a
minute is nobody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotPermitted, StateConflict, TooMany

WRONG_TRIES: Final = 5
LOCK_TIME: Final = timedelta(minutes=15)
GIVEN_COUNTS_FOR: Final = timedelta(hours=24)
"""How long whoever gave a secret counts as its operator at least, also if it was renewed: others see it meanwhile."""

PASSKEY_MARK: Final = b"passkey:"
"""What the mark of a shared passkey begins with among the keyed numbers of an operator's persons."""

LONGEST_NAME: Final = 40
_NAME: Final = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")


class OperatorRole(StrEnum):
    """What an operator may do."""

    SYSTEM = "system"
    """系统管理员. Add and disable operators; certificates of merchants. Sees no personal data."""

    SECURITY = "security"
    """安全管理员. Ends sessions, watches who signs in, reads the audit."""

    CASES = "cases"
    """审核员. Decide on applications, answer what people wrote, act for holders who call."""

    LEGAL = "legal"
    """法务. Certificates of merchants; answer what people wrote, and settle with who disagrees."""

    PARTNERS = "partners"
    """Review applications of partners, keep their scenes, keys and networks, suspend them; let them go live by two."""

    AUDIT = "audit"
    """审计管理员. Read what others did; decide nothing."""


class OperatorState(StrEnum):
    """Whether the operator may act."""

    ACTIVE = "active"
    DISABLED = "disabled"


class OperatorRefused(NotPermitted):
    """Name and secret do not belong together, or the operator is disabled: which of them, is not told."""

    code = "operator_refused"
    advice = "Check the operator's name and secret. Another operator of role system can give a new secret."


class OperatorLocked(TooMany):
    """Five wrong secrets for one operator."""

    code = "operator_locked"
    advice = "Too many wrong secrets for this operator. Wait 15 minutes."


class OperatorNeeded(NotPermitted):
    """The act needs an operator by name, and nobody said who acts."""

    code = "operator_needed"
    advice = "Say who acts: --operator NAME, with the secret from a prompt, a file or EZTONG_OPERATOR_SECRET."


class RolesInvalid(InputInvalid):
    """An operator would have no role."""

    code = "operator_without_role"
    advice = "Give the operator at least one role; whoever leaves is disabled."


class RoleMissing(NotPermitted):
    """The operator has none of the roles that may do this."""

    code = "operator_role_missing"
    advice = "Another operator, of a role that may do this, has to do it."


class SameOperator(NotPermitted):
    """Who proposed or decided something may not also decide on it."""

    code = "same_operator"
    advice = "Another operator than the one before must decide; two names of one person do not count."


class AboutOneself(NotPermitted):
    """The operator is the person that the act is about."""

    code = "about_oneself"
    advice = "Nobody decides about themselves. Another operator must do it."


class SecretKnown(SameOperator):
    """Somebody may know the secrets of both: they count as one person."""

    advice = (
        "Whoever was given a secret renews it alone first: eztong operators new-secret NAME --operator NAME. "
        "They count as another person 24 hours after it was given."
    )


class OperatorNameInvalid(InputInvalid):
    """The text cannot be an operator's name."""

    code = "operator_name_invalid"
    advice = "An operator's name has 1 to 40 letters, digits, dots, dashes or underscores."


class OperatorNameTaken(StateConflict):
    """There is an operator of this name; names are never given again."""

    code = "operator_name_taken"
    advice = "Choose another name; a disabled operator keeps theirs."


class LastOfSystem(StateConflict):
    """Nobody could add or disable operators any more."""

    code = "last_system_operator"
    advice = "Give another active operator the role system first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A member of the service's staff.

    ``persons`` are the keyed indexes of the numbers that they were linked to, every one for good. ``secret_known_to``
    are the operators through whose hands the secret went. Once its operator renewed it alone, they count until
    ``given_counts_until``, and nobody does after that.
    """

    name: str
    roles: frozenset[OperatorRole]
    state: OperatorState
    secret_hash: str = field(repr=False)
    created_at: datetime
    added_by: str | None = None
    """The operator who added this one; None for the first."""

    wrong_tries: int = 0
    locked_until: datetime | None = None
    persons: frozenset[bytes] = field(default=frozenset(), repr=False)
    secret_known_to: frozenset[str] = frozenset()
    secret_at: datetime | None = None
    """Since when the secret is as it is."""

    given_counts_until: datetime | None = None
    """Until when those count who gave a secret that its operator renewed since; None while they may know it."""

    second_factor: bytes | None = field(default=None, repr=False)
    """The key of the operator's authenticator app, sealed; None until it was set up for the console."""

    used_step: int | None = None
    """The half minute whose one-time code was taken last: no code of it, or of one before, is taken again."""

    invite_hash: bytes | None = field(default=None, repr=False)
    """Keyed hash of the word by which the operator sets up secret and second factor, once."""

    invite_until: datetime | None = None

    def hands(self, *, now: datetime) -> frozenset[str]:
        """Return who may act under this name, or counts as who does: the operator, and whoever gave the secret."""
        if self.given_counts_until is not None and now >= self.given_counts_until:
            return frozenset({self.name})
        return self.secret_known_to | {self.name}

    def with_secret(self, secret_hash: str, *, giver: Operator, now: datetime) -> Operator:
        """Return the operator with a new secret, given by ``giver``, who may be the operator."""
        renewed = replace(self, secret_hash=secret_hash, secret_at=now)
        if giver.name != self.name:
            # Whoever knew the secret before may hold a session or a word still: the name is theirs, too, until its
            # operator alone has renewed it.
            known_to = (self.hands(now=now) | giver.hands(now=now)) - {self.name}
            return replace(renewed, secret_known_to=known_to, given_counts_until=None)
        given_at = self.secret_at or self.created_at
        until = self.given_counts_until or given_at + GIVEN_COUNTS_FOR
        if not self.secret_known_to or now >= until:
            return replace(renewed, secret_known_to=frozenset(), given_counts_until=None)
        return replace(renewed, given_counts_until=until)

    @property
    def is_active(self) -> bool:
        """Say whether the operator may act."""
        return self.state is OperatorState.ACTIVE

    def set_up_by_word(self, secret_hash: str, *, now: datetime) -> Operator:
        """Return the operator with the secret that whoever had the word of an invitation was shown.

        Whoever gave the word may have used it: they count for a day from now on, in which everybody sees it.
        """
        renewed = replace(self, secret_hash=secret_hash, secret_at=now)
        if not self.secret_known_to:
            return renewed
        return replace(renewed, given_counts_until=now + GIVEN_COUNTS_FOR)

    def check_may_try(self, *, now: datetime) -> None:
        """Refuse a try while the operator is locked.

        Raises:
            OperatorLocked: five wrong secrets, less than fifteen minutes ago.
        """
        if self.locked_until is not None and now < self.locked_until:
            raise OperatorLocked(retry_after=max(1, int((self.locked_until - now).total_seconds())))

    def after_wrong_secret(self, *, now: datetime) -> Operator:
        """Return the operator with one more wrong try; the fifth locks, and starts the count again."""
        tries = self.wrong_tries + 1
        if tries < WRONG_TRIES:
            return replace(self, wrong_tries=tries)
        return replace(self, wrong_tries=0, locked_until=now + LOCK_TIME)

    @property
    def marks(self) -> frozenset[bytes]:
        """Return what shows that other names are this person's, too, and is no person's number."""
        return frozenset(one for one in self.persons if one.startswith(PASSKEY_MARK))

    def check_not_about(self, number_index: bytes | None) -> None:
        """Refuse an act about the operator themselves, found by the keyed index of a number.

        Raises:
            AboutOneself: it is.
        """
        if number_index is not None and number_index in self.persons:
            raise AboutOneself


def check_another(decider: Operator, first: Operator | None, *, named: str, now: datetime) -> None:
    """Refuse a decision by whoever took the step before: the same name, or another name of the same person.

    Args:
        decider: Who decides now.
        first: Who took the step before, as far as there is such an operator.
        named: The name that is on record for that step.
        now: When this is decided.

    Raises:
        SameOperator: it is one person.
        SecretKnown: one may know the other's secret, or gave it less than a day ago; or a third one both.
    """
    if decider.name == named.strip().lower():
        raise SameOperator
    if first is None:
        return
    if decider.persons & first.persons:
        raise SameOperator
    if decider.hands(now=now) & first.hands(now=now):
        raise SecretKnown


def parse_operator_name(text: str) -> str:
    """Return an operator's name; capitals and spaces around it do not make another person.

    Raises:
        OperatorNameInvalid: it cannot be one.
    """
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise OperatorNameInvalid
    return name
