"""What partners ask, and what holders answer: codes, requests, grants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, ShownCode, parse_presented
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import EztongError
from eztong.domain.identifiers import GrantId, PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.ports.act import PARTNER
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.codes.verify_code import VerifyCode, handles_of, verify_seen
from eztong.usecases.grants.withdraw_grant import withdraw_grant
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request
from eztong.usecases.requests.open_request import OpenRequest, open_request, read_request
from tests.property.machines.forbidden import Forbidden, ForbiddenState, never
from tests.property.machines.holders import Holders
from tests.property.machines.shadow import PERSON, Account, Asked, Code, Given

SCENES: Final[Mapping[str, tuple[str, str]]] = {
    "hotel": ("hotel_check_in", "front-1"),
    "government": ("government_counter", "window-1"),
}
ASKS_FOR_MORE: Final = "government"
WANTS: Final = (
    PERSON,
    PERSON | {Claim.AGE_OVER_18},
    PERSON | {Claim.MASKED_NAME},
    PERSON | {Claim.AGE_OVER_18, Claim.MASKED_NAME},
)


class Asking(Holders):
    """Events between holders and partners."""

    # --- codes ----------------------------------------------------------------------------------------------------

    def show(self, account: Account, channel: Channel = Channel.SPOKEN) -> Code | None:
        """Show a code."""
        now = self.now
        with self.touching(account):
            got = self.tried(
                lambda: self.stage.act(issue_code, IssueCode(session_hash=account.who.session, channel=channel))
            )
        because = {
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(now),
            Forbidden.SHOWN_STOPPED: not account.is_usable,
            Forbidden.SHOWN_PAUSED: account.paused,
            Forbidden.SHOWN_UNAUTHORISED: not account.authorised,
            Forbidden.ACTED_LOCKED: not account.is_unlocked(now),
        }
        if not self.expect(got, because=because):
            return None
        assert isinstance(got, ShownCode)
        self.end_codes(account)
        code = Code(account, got)
        self.codes.append(code)
        return code

    def present(self, code: Code, partner: str, wants: frozenset[Claim]) -> None:
        """Let a partner present the code."""
        presented = parse_presented(code.shown.number)
        scene, desk = SCENES[partner]
        command = VerifyCode(
            caller=self.seen[partner].caller,
            presented=presented,
            handles=handles_of(presented, keys=self.stage.keys),
            scene=scene,
            desk=desk,
            wants=wants,
            environment="sandbox",
        )
        is_over = code.ended or self.now >= code.shown.expires_at
        with self.touching(code.account):
            got = self.tried(lambda: self.stage.services.perform(PARTNER, verify_seen, command, self.seen[partner]))
        if not isinstance(got, Answered):
            free = not is_over and partner not in self.suspended
            never(free, Forbidden.STUCK, repr(got))
            return
        if code.heard == got.verification.verification_id:
            # The same question within the code's life hears its first answer again, whatever came since.
            never(code.asked != (partner, wants) or self.now >= code.shown.expires_at, Forbidden.CODE_AGAIN)
            never(partner in self.suspended, Forbidden.PASSED_SUSPENDED)
            return
        if got.verification.outcome is Outcome.PASSED:
            never(is_over, Forbidden.CODE_AGAIN)
        self._judge(got, code.account, partner, granted=self._live(code.account, partner), wants=wants, over=is_over)
        code.asked, code.heard, code.ended = (partner, wants), got.verification.verification_id, True

    def _judge(
        self,
        got: Answered,
        account: Account,
        partner: str,
        *,
        granted: frozenset[Claim],
        wants: frozenset[Claim],
        over: bool = False,
    ) -> None:
        forbids = {
            Forbidden.PASSED_STOPPED: not account.is_usable,
            Forbidden.PASSED_PAUSED: account.paused,
            Forbidden.PASSED_UNAUTHORISED: not account.authorised,
            Forbidden.PASSED_SWITCHED_OFF: partner in account.off,
            Forbidden.PASSED_RESTRICTED: account.restricted and partner == ASKS_FOR_MORE,
            Forbidden.PASSED_SUSPENDED: partner in self.suspended,
        }
        said: dict[str, Any] = json.loads(got.result)
        if got.verification.outcome is not Outcome.PASSED:
            never(not over and not any(forbids.values()), Forbidden.STUCK, said["outcome"])
            never("partner_code" in said or "claims" in said, Forbidden.TOLD_UNGRANTED)
            return
        for which, forbidden in forbids.items():
            never(forbidden, which)
        told = frozenset(Claim(one) for one in said["claims"])
        never(told - (PERSON | (granted & wants)), Forbidden.TOLD_UNGRANTED, str(sorted(told)))
        never(told != PERSON | (granted & wants), Forbidden.STUCK, str(sorted(told)))
        self._compare(account, partner, said["partner_code"])

    def _compare(self, account: Account, partner: str, pseudonym: str) -> None:
        never(account.pseudonyms.setdefault(partner, pseudonym) != pseudonym, Forbidden.LINKABLE)
        known = [code for one in self.accounts for code in one.pseudonyms.values()]
        never(len(set(known)) != len(known), Forbidden.LINKABLE)

    def _live(self, account: Account, partner: str) -> frozenset[Claim]:
        live = (one for one in self.given if one.account is account and one.partner == partner)
        return frozenset().union(*(one.claims for one in live if one.is_live(self.now)))

    # --- requests -------------------------------------------------------------------------------------------------

    def ask(self, partner: str, wants: frozenset[Claim], *, days: int) -> Asked:
        """Let a partner open a request."""
        scene, desk = SCENES[partner]
        caller = self.stage.caller(partner)
        command = OpenRequest(caller=caller, scene=scene, desk=desk, wants=wants, grant_days=days, reference=None)
        with self.touching():
            request = self.stage.act(open_request, command)
        return Asked(partner, request)

    def answer(self, account: Account, asked: Asked, *, approve: bool, right: bool = True, stale: bool = False) -> None:
        """Answer a request; ``stale``: on a page that has stood open since it came."""
        now, known = self.now, {one.grant_id for one in self.given}
        request = asked.request
        if not stale:
            request = self.stage.act(read_request, request.request_id, caller=self.stage.caller(asked.partner))
        command = AnswerRequest(
            request=request,
            session_hash=account.who.session,
            approve=approve,
            allowed=request.claims if approve else frozenset(),
            match_number=request.match_number + (not right),
            environment="sandbox",
        )
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(answer_request, command))
        because = {
            Forbidden.REQUEST_AGAIN: asked.answered or now >= request.expires_at,
            Forbidden.PASSED_SUSPENDED: asked.partner in self.suspended,
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(now),
            Forbidden.PASSED_STOPPED: approve and not account.is_usable,
            Forbidden.PASSED_PAUSED: approve and account.paused,
            Forbidden.ACTED_LOCKED: approve and not account.is_unlocked(now),
            Forbidden.PASSED_UNAUTHORISED: approve and not account.authorised,
        }
        if not self.expect(got, because=because):
            return
        assert isinstance(got, Answered)
        asked.answered = True
        agreed = approve and right
        never(not agreed and got.verification.outcome is not Outcome.DECLINED, Forbidden.REQUEST_AGAIN)
        self._judge(got, account, asked.partner, granted=command.allowed, wants=request.claims, over=not agreed)
        self._keep_grants(account, asked, known=known, passed=got.verification.outcome is Outcome.PASSED)

    def _keep_grants(self, account: Account, asked: Asked, *, known: set[GrantId], passed: bool) -> None:
        found = self.stage.read(lambda stored: stored.grants.of_holder(account.holder_id))
        for one in found:
            if one.grant_id in known or one.request_id != asked.request.request_id:
                continue
            never(not passed, Forbidden.TOLD_UNGRANTED, "granted by an answer that did not pass")
            ended = one.expires_at <= one.granted_at
            span = (one.granted_at, one.expires_at)
            self.given.append(Given(account, one.grant_id, asked.partner, one.claims, *span, ended=ended))

    def withdraw_grant(self, account: Account, given: Given) -> None:
        """Withdraw a grant, one's own or another's."""
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(withdraw_grant, account.who.session, given.grant_id))
        may = account.has_session(self.now) and given.account is account and given.is_live(self.now)
        if isinstance(got, EztongError):
            never(account.has_session(self.now), Forbidden.STUCK, repr(got))
            return
        never(got and not may, Forbidden.GRANT_AGAIN)
        if may and not got:
            raise ForbiddenState(Forbidden.STUCK)
        given.ended = given.ended or bool(got)

    # --- partners -------------------------------------------------------------------------------------------------

    def suspend(self, partner: str, *, suspended: bool) -> None:
        """Suspend a partner, or let it go on."""
        state = PartnerState.SUSPENDED if suspended else PartnerState.APPROVED
        self.stage.write(lambda uow: uow.partners.set_state(PartnerId(partner), state))
        (self.suspended.add if suspended else self.suspended.discard)(partner)
