"""The authority port: the outside body that matches identities and makes eid marks."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.identity.authority_answer import AuthorityAnswer, RegistrationStatus
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName


class Authority(Protocol):
    """Asks the authority. Never called while a unit of work is open: it may take seconds."""

    @property
    def adapter_id(self) -> str:
        """Name the adapter, for records and the health page (``sandbox``, ``http``)."""
        ...

    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        """Match a name against a number and, on a match, make the eid mark.

        ``reference`` names the application: the same reference asked again continues the same case (that is how a
        ``PENDING`` answer is polled), and gives the same final answer.

        Raises:
            AuthorityUnavailable: no answer in time, refused connection, or the circuit is open. Nothing is decided.
            AuthorityAnswerInvalid: the answer's signature, time or reference does not hold. Nothing is decided.
        """
        ...

    def away_since(self) -> datetime | None:
        """Return since when the authority has not answered, as far as questions to it showed; None while it answers.

        It is looked at about once a second. An adapter may use that to find out by itself, without personal data and
        now and then, whether an authority that nobody asks meanwhile is back.
        """
        ...

    def status(self, *, reference: str) -> RegistrationStatus:
        """Return whether the authority still counts the registration of this application.

        ``reference`` is that of the question that was matched; nothing of the person is sent.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`.
        """
        ...

    def revoke(self, *, reference: str) -> RegistrationStatus:
        """Tell the authority that the registration of this application has ended; return what it says it is now.

        Asked again it answers the same. A registration that the authority does not know is ``UNKNOWN``: there is
        nothing to end.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`; nothing is known of the end.
        """
        ...

    def relation(self, question: RelationQuestion) -> RelationAnswer:
        """Return whether one person is guardian of another.

        An authority that keeps no such records answers ``UNKNOWN`` to everything. ``CONFIRMED`` says that the records
        have both people by these names; it makes no eid mark and registers nobody.

        Raises:
            AuthorityUnavailable, AuthorityAnswerInvalid: as for :meth:`match`. Nothing is decided.
        """
        ...

    def check_health(self) -> None:
        """Raise :class:`AuthorityUnavailable` if the authority cannot be used now; no personal data is sent."""
        ...
