"""What takes two operators: certificates of a merchant, proposed by one and decided by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.events import Actor
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.merchants.certificate_request import CertificateRequest
from eztong.domain.merchants.merchant import MerchantOptions
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.proposal import LIFE, Proposal, ProposalKind
from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey
from eztong.ports.act import SYSTEM, Act, Acting
from eztong.usecases.merchants.register_merchant import RegisterMerchant, find_merchant, register_merchant
from eztong.usecases.naming import new_id
from eztong.usecases.operators.manage_operators import disable_operator, renew_secret
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)
from tests.property.machines.forbidden import Forbidden, never
from tests.property.machines.ground import Ground, Template
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.operators.acts import SALT, operator

KEYS: Final = tuple(PrivateKey.generate() for _ in range(3))
_DOCUMENTS: Final = tuple(build_csr(key, "Demo Hotel") for key in KEYS)


@dataclass(eq=False, slots=True)
class Member:
    """An operator. ``person`` says which names are one person's; ``account`` whose account is linked.

    ``known_to`` are the names of those through whose hands the secret went; ``alone`` says that it was renewed since.
    """

    name: str
    person: str
    account: int | None = None
    may: bool = True
    active: bool = True
    known_to: frozenset[str] = frozenset()
    given_at: datetime | None = None
    alone: bool = True

    def hands(self, now: datetime) -> frozenset[str]:
        """Return who counts as this operator."""
        is_fresh = self.given_at is not None and now < self.given_at + timedelta(days=1)
        return self.known_to | {self.name} if is_fresh or not self.alone else frozenset({self.name})

    def is_one_with(self, other: Member, now: datetime) -> bool:
        """Say whether one person may act under both names, linked to them or knowing both secrets."""
        return self.person == other.person or bool(self.hands(now) & other.hands(now))


@dataclass(eq=False, slots=True)
class Made:
    """A proposal, and what is known of it. ``about``: whose account it concerns."""

    proposal: Proposal
    by: Member
    key: int
    about: int | None
    until: datetime
    ended: bool = False


class Proposals(Ground):
    """Events of proposals, by four names of three people, and a clerk who may not."""

    def __init__(self, template: Template) -> None:
        """Add the operators that the template does not have, and a merchant."""
        super().__init__(template)
        first = self.stage.holder(self.accounts[0].who).number_index
        operator(self.stage, "li.again", person=first)
        operator(self.stage, "zhao")
        operator(self.stage, "clerk", OperatorRole.CASES, OperatorRole.AUDIT)
        self.members = (
            Member("li.na", "li", account=0),
            Member("li.again", "li", account=0),
            Member("wang", "wang"),
            Member("zhao", "zhao"),
            Member("clerk", "clerk", may=False),
        )
        command = RegisterMerchant(
            partner_id=PartnerId("hotel"), scene="hotel_check_in", name="Hotel", options=MerchantOptions()
        )
        self.merchant_id = self.stage.act(register_merchant, command, by=SYSTEM).merchant_id
        self.in_force: int | None = None

    def propose(self, by: Member, key: int, *, about: int | None) -> Made | None:
        """Propose a certificate, perhaps one that concerns an account."""
        holder_id = None if about is None else self.accounts[about].holder_id
        document = CertificateTerms(self.merchant_id, key, holder_id)
        got = self.tried(lambda: self.stage.act(_take_in, document, by=_as(by)))
        because = {
            Forbidden.DECIDED_WITHOUT_ROLE: not by.may or not by.active,
            Forbidden.ABOUT_ONESELF: about is not None and about == by.account,
        }
        if not self.expect(got, because=because):
            return None
        assert isinstance(got, Proposal)
        self.check_in_force()
        return Made(got, by, key, about, until=self.now + LIFE)

    def decide(self, by: Member, made: Made, *, approve: bool) -> None:
        """Approve or reject."""
        command = DecideProposal(proposal_id=made.proposal.proposal_id, approve=approve, reason="seen")
        got = self.tried(lambda: self.stage.act(decide_proposal, command, by=_as(by), calendar=CALENDAR))
        because = {
            # What somebody proposed who may not any more is not approved either.
            Forbidden.DECIDED_WITHOUT_ROLE: not by.may or not by.active or (approve and not made.by.active),
            Forbidden.PROPOSAL_AGAIN: made.ended or self.now >= made.until,
            Forbidden.APPROVED_BY_ITS_MAKER: by.is_one_with(made.by, self.now),
            Forbidden.ABOUT_ONESELF: made.about is not None and made.about == by.account,
        }
        if self.expect(got, because=because):
            made.ended = True
            if approve:
                self.in_force = made.key
        self.check_in_force()

    def withdraw(self, by: Member, made: Made) -> None:
        """Withdraw what one proposed."""
        command = WithdrawProposal(proposal_id=made.proposal.proposal_id, reason="no more")
        got = self.tried(lambda: self.stage.act(withdraw_proposal, command, by=_as(by), calendar=CALENDAR))
        because = {
            Forbidden.DECIDED_WITHOUT_ROLE: not by.active,
            Forbidden.PROPOSAL_AGAIN: made.ended or self.now >= made.until,
            Forbidden.APPROVED_BY_ITS_MAKER: by is not made.by,
        }
        if self.expect(got, because=because):
            made.ended = True
        self.check_in_force()

    def give_secret(self, by: Member, whom: Member) -> None:
        """Let an operator make a new secret, for another or alone."""
        secret_hash = self.stage.hasher.make_hash(self.secret(), salt=SALT)
        got = self.tried(lambda: self.stage.act(renew_secret, whom.name, secret_hash=secret_hash, by=_as(by)))
        because = {Forbidden.DECIDED_WITHOUT_ROLE: not by.active or not (by.may or by is whom)}
        if self.expect(got, because=because):
            if by is not whom:
                # Nobody who knew an earlier one is forgotten by a new one of others.
                whom.known_to = (by.hands(self.now) | whom.hands(self.now)) - {whom.name}
                whom.given_at = self.now
            whom.alone = by is whom

    def disable(self, by: Member, whom: Member) -> None:
        """Let one operator disable another, of another person; one at least of those who may stays."""
        left = [one for one in self.members if one.may and one.active and one is not whom]
        got = self.tried(lambda: self.stage.act(disable_operator, whom.name, by=_as(by)))
        because = {
            Forbidden.DECIDED_WITHOUT_ROLE: not by.may or not by.active,
            Forbidden.OTHER_STATE: not whom.active or not left,
            Forbidden.DISABLED_BY_ITSELF: by.person == whom.person,
        }
        if self.expect(got, because=because):
            whom.active = False

    def check_in_force(self) -> None:
        """See that the key in force is the one that two people approved last."""
        certified = self.stage.act(find_merchant, self.merchant_id).certified_key
        expected = None if self.in_force is None else KEYS[self.in_force].public_key().to_spki()
        never(certified != expected, Forbidden.UNDECIDED_IN_FORCE)


@dataclass(frozen=True, slots=True)
class CertificateTerms:
    """Which key shall be the merchant's, and whose account that concerns."""

    merchant_id: str
    key: int
    about: HolderId | None


def _take_in(act: Act, terms: CertificateTerms) -> Proposal:
    """Do as ``request_certificate`` does, about an account: no kind that is carried out is about one by itself yet."""
    request = CertificateRequest(
        request_id=new_id(act, "csr"),
        merchant_id=terms.merchant_id,
        common_name="Demo Hotel",
        public_key=KEYS[terms.key].public_key().to_spki(),
        document=_DOCUMENTS[terms.key],
        requested_by=act.by.name,
        requested_at=act.now,
    )
    command = Propose(kind=ProposalKind.CERTIFICATE, subject=request.request_id, reason="by letter", about=terms.about)
    proposal = propose(act, command)
    act.uow.merchants.add_certificate_request(request)
    return proposal


def _as(member: Member) -> Acting:
    return Acting(Actor.OPERATOR, member.name)


MEMBERS: Final[Mapping[str, int]] = {"li.na": 0, "li.again": 1, "wang": 2, "zhao": 3, "clerk": 4}
