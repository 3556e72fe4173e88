"""What happens to accounts: unlocking, freezing, coming back, consent, leaving, the end, and a new beginning."""

from __future__ import annotations

from collections.abc import Sequence

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import EztongError, TooMany
from eztong.domain.events import Actor
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.registration import StepKind
from eztong.ports.act import RISK, Acting
from eztong.usecases.access.open_session import Opening
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, Asked, ask_deregistration
from eztong.usecases.deregistration.undo_deregistration import undo_from_session, undo_with_secret
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from eztong.usecases.restrictions.recheck_identity import recheck_identity
from tests.property.machines.forbidden import Forbidden, never
from tests.property.machines.ground import PEOPLE, STAFF, Ground, answer_for
from tests.property.machines.shadow import FROZEN, Account, Stop, Written
from tests.unit.usecases.access.ways import PIN, ask_sign_in, claim, give_pin, typed
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.deregistration.leaving import run as run_due
from tests.unit.usecases.restrictions.acts import misuse
from tests.unit.usecases.stage import accepting, asker, register


class NoWayBack(Exception):
    """Nothing that a holder may do brings it to use: the risk rules froze it, and it was stolen besides."""


class Holders(Ground):
    """Events of accounts."""

    # --- in the account -------------------------------------------------------------------------------------------

    def unlock(self, account: Account) -> None:
        """Type the PIN."""
        command = UnlockByPin(session_hash=account.who.session, pin=PIN)
        with self.touching(account):
            got = self.tried(lambda: unlock_by_pin(command, services=self.stage.services))
        if self.expect(got, because={Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now)}):
            account.unlocked_until = self.now + UNLOCK_LIFE

    def withdraw(self, account: Account) -> None:
        """Withdraw the authorisation."""
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(withdraw_authorisation, account.who.session))
        if self.expect(got, because={Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now)}):
            if account.authorised:
                self.stop_codes(account)
                self._end_grants(account)
            account.authorised = False

    def accept(self, account: Account) -> None:
        """Agree to the documents in force."""
        if account.erased:
            # The browser of an erased account is nobody's: it would begin an application.
            return
        now, again = self.now, not account.authorised
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(accept_agreements, accepting(self.stage, account.who.session)))
        because = {
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(now),
            Forbidden.ACTED_LOCKED: again and not account.is_unlocked(now),
        }
        if self.expect(got, because=because) and again:
            account.authorised = True
            self.stop_codes(account)

    def switch(self, account: Account, partner: str, *, on: bool) -> None:
        """Switch a partner off or on."""
        command = SwitchPartner(session_hash=account.who.session, partner_id=PartnerId(partner), on=on)
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(switch_partner, command))
        because = {
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now),
            Forbidden.ACTED_LOCKED: on and not account.is_unlocked(self.now),
        }
        if self.expect(got, because=because):
            account.moved.append((self.now, partner, on))

    def pause(self, account: Account) -> None:
        """Ask that the data are kept and used for nothing."""
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(pause_use, account.who.session))
        if self.expect(got, because={Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now)}):
            account.paused = True
            self.stop_codes(account)

    def resume(self, account: Account) -> None:
        """Let them be used again."""
        now = self.now
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(resume_use, account.who.session))
        because = {
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(now),
            Forbidden.ACTED_LOCKED: not account.is_unlocked(now),
        }
        if self.expect(got, because=because):
            account.paused = False

    def check_identity(self, account: Account, *, restricted: bool) -> None:
        """Have the identity checked again: it lifts the mark of a document that is out of date, or sets it."""
        answer_for(self.stage, account.who, restricted=restricted)
        with self.touching(account):
            got = self.tried(lambda: recheck_identity(account.who.session, services=self.stage.services))
        because = {
            Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now),
            Forbidden.ASKED_PAUSED: account.paused,
            Forbidden.ASKED_UNAUTHORISED: not account.authorised,
            Forbidden.OTHER_STATE: Stop.LEAVING in account.stops,
        }
        if not isinstance(got, TooMany) and self.expect(got, because=because):
            account.restricted = restricted

    # --- frozen ---------------------------------------------------------------------------------------------------

    def freeze(self, account: Account, reason: FreezeReason) -> None:
        """Freeze from the browser that is signed in."""
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(freeze_from_session, account.who.session, reason))
            if self.expect(got, because={Forbidden.ACTED_SIGNED_OUT: not account.has_session(self.now)}):
                self._frozen(account, Stop.OWN, is_loss=reason is FreezeReason.ACCOUNT_STOLEN)

    def freeze_by_risk(self, account: Account) -> None:
        """Let the risk rules freeze."""
        command = FreezeHolder(holder_id=account.holder_id, cause=FreezeCause.RISK, channel="rules")
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(freeze_holder, command, by=RISK))
            if self.expect(got, because={Forbidden.OTHER_STATE: account.erased}):
                self._frozen(account, Stop.RISK)

    def limit_for_misuse(self, account: Account, *, on: bool) -> None:
        """Let an operator limit the account for misuse, or lift that; what is asked for here passes all the same."""
        with self.touching(account):
            got = self.tried(lambda: misuse(self.stage, account.who, on=on, by=Acting(Actor.OPERATOR, STAFF[1])))
        if self.expect(got, because={Forbidden.OTHER_STATE: account.erased}):
            account.in_case = on

    def call_hotline(self, account: Account, *, by: str) -> None:
        """Call the operator, who freezes for the person."""
        command = FreezeForHolder(number=account.who.number, reason=FreezeReason.ACCOUNT_STOLEN)
        acting = Acting(Actor.OPERATOR, by)
        with self.touching(account):
            got = self.tried(lambda: freeze_for_holder(command, by=acting, services=self.stage.services))
            if self.expect(got, because={Forbidden.OTHER_STATE: account.erased}):
                self._frozen(account, Stop.OWN if account.who.phone else Stop.GUARDIAN, is_loss=True)

    def _frozen(self, account: Account, stop: Stop, *, is_loss: bool = False) -> None:
        if is_loss:
            self.shut_tickets(account, but_leaving=not account.may_be_undone)
            self.keep_from_leaving(account)
            account.lost_at = account.lost_at or self.now
            self.end_new(account, lost_at=account.lost_at)
        account.freeze(stop)
        self.sign_out(account)

    def shut_tickets(self, account: Account, *, but_leaving: bool) -> None:
        """Keep in mind that secrets of the account's tickets open nothing more."""
        for ticket in self.written:
            if ticket.account is account and not (but_leaving and ticket.leaves):
                ticket.shut = True

    def keep_from_leaving(self, account: Account) -> None:
        """Keep in mind that a loss was told, which undoes what runs."""
        if account.may_be_undone:
            self.end_leaving(account)

    # --- back -----------------------------------------------------------------------------------------------------

    def sign_in(self, account: Account) -> None:
        """Sign in on another browser with message code and PIN; often enough no message comes."""
        opening = Opening(session_hash=self.fresh(), fresh_hash=self.fresh(), device_label="Browser")
        with self.touching(account):
            got = self.tried(lambda: self._sign_in(account, opening))
        if got is True:
            never(account.erased, Forbidden.NOT_ERASED)
            never(account.lost and account.newest in FROZEN, Forbidden.FREEZE_LIFTED)
            self.enter(account, opening.fresh_hash)

    def _sign_in(self, account: Account, opening: Opening) -> bool:
        self.deliver()
        ask_sign_in(self.stage, account.who, asker(opening.session_hash))
        if not self._came():
            return False
        code = typed(self.stage, OtpPurpose.SIGN_IN, session=opening.session_hash)
        command = SignInByPin(opening=opening, code=code, pin=PIN, last_four=account.who.number[-4:])
        sign_in_by_pin(command, services=self.stage.services)
        return True

    def recover(self, account: Account) -> None:
        """Recover the account with message code and PIN, which lifts a freeze of the holder's own."""
        opening = Opening(session_hash=self.fresh(), fresh_hash=self.fresh(), device_label="Browser")
        with self.touching(account):
            got = self.tried(lambda: self._recover(account, opening))
            if got is True:
                never(account.erased, Forbidden.NOT_ERASED)
                never(account.newest is Stop.RISK, Forbidden.FREEZE_LIFTED)
                never(account.newest is Stop.GUARDIAN, Forbidden.FREED_BY_WARD)
                if account.newest is Stop.OWN:
                    account.stops.pop()
                self.end_new(account, lost_at=account.lost_at or self.now)
                account.lost_at = None
                self.shut_tickets(account, but_leaving=True)
                self.enter(account, opening.fresh_hash)

    def _recover(self, account: Account, opening: Opening) -> bool:
        self.deliver()
        claim(self.stage, OtpPurpose.RECOVER, person=account.who, who=asker(opening.session_hash))
        if not self._came():
            return False
        code = typed(self.stage, OtpPurpose.RECOVER, session=opening.session_hash)
        recover_account(RecoverAccount(opening=opening, code=code, pin=PIN), services=self.stage.services)
        return True

    def _came(self) -> bool:
        return any(one.topic == "otp" for one in self.stage.queued())

    # --- leaving --------------------------------------------------------------------------------------------------

    def leave(self, account: Account) -> Written | None:
        """Ask for the account to be ended."""
        secret = self.secret()
        command = AskDeregistration(session_hash=account.who.session, secret=secret, understood=True)
        now, leaves_already = self.now, account.may_be_undone
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(ask_deregistration, command, calendar=CALENDAR))
            because = {
                Forbidden.ACTED_SIGNED_OUT: not account.has_session(now),
                Forbidden.ACTED_LOCKED: not account.is_unlocked(now),
            }
            if not self.expect(got, because=because) or leaves_already:
                return None
            assert isinstance(got, Asked)
            account.stops.append(Stop.LEAVING)
            account.leaving_until = got.deregistration.cooling_until
            self.stop_codes(account)
            written = Written(account, got.ticket.number, secret, leaves=True)
            self.written.append(written)
        return written

    def undo(self, account: Account) -> None:
        """Undo it from the browser that is signed in."""
        now = self.now
        with self.touching(account):
            got = self.tried(lambda: self.stage.act(undo_from_session, account.who.session))
            because = {
                Forbidden.ACTED_LOCKED: not account.is_unlocked(now),
                Forbidden.UNDONE_LATE: not account.may_be_undone,
            }
            if self.expect(got, because=because):
                self.end_leaving(account)

    def undo_by_secret(self, ticket: Written) -> None:
        """Undo it with number and secret."""
        proof = TicketProof(number=ticket.number, secret=ticket.secret, session_hash=b"nobody's")
        account = ticket.account
        may = ticket.leaves and not ticket.shut and account is not None and bool(account.who.phone)
        may = may and account is not None and account.may_be_undone
        with self.touching(*([account] if account else [])):
            got = self.tried(lambda: self.stage.act(undo_with_secret, proof))
            if self.expect(got, because={Forbidden.UNDONE_LATE: not may}):
                assert account is not None
                self.end_leaving(account)

    def run_due(self) -> None:
        """Let the service do what is due."""
        due = [one for one in self.accounts if one.leaving_until is not None and one.leaving_until <= self.now]
        with self.touching(*due, *self.near(due)):
            run_due(self.stage)
            for account in due:
                self.end_account(account)

    def near(self, _leaving: Sequence[Account]) -> Sequence[Account]:
        """Return whom it concerns besides, that these accounts end."""
        return ()

    def end_account(self, account: Account) -> None:
        """Keep in mind that it has ended."""
        account.erased, account.leaving_until = True, None
        if account.is_held:
            self.open_cases.add(account.who.number)
        self.sign_out(account)
        self._end_grants(account)
        for ticket in self.written:
            if ticket.account is account:
                ticket.leaves, ticket.ended = False, True

    def register(self, person: int, *, restricted: bool) -> None:
        """Register again, if the account before has ended; an operator decides, where it ended in a case."""
        before = self.account(person)
        if not before.erased:
            return
        who = PEOPLE[person].__class__(before.who.name, before.who.number, before.who.phone, self.fresh())
        self.deliver()
        answer_for(self.stage, who, restricted=restricted)
        with self.touching():
            got = self.tried(lambda: register(self.stage, who))
        if isinstance(got, EztongError):
            return
        is_held = who.number in self.open_cases
        never(is_held and got.state is not HolderState.UNDER_REVIEW, Forbidden.CASE_DODGED)
        never(not is_held and got.state is not HolderState.ACTIVE, Forbidden.STUCK, got.state)
        if is_held:
            for by in STAFF[person:]:
                self._approve(got.holder_id, by=by, about_oneself=by == STAFF[0])
            self.open_cases.discard(who.number)
        give_pin(self.stage, who)
        self.deliver()
        account = Account(who, got.holder_id, restricted=restricted)
        self.accounts.append(account)
        self.enter(account, who.session)

    def _approve(self, holder_id: HolderId, *, by: str, about_oneself: bool) -> None:
        command = ReviewApplication(holder_id=holder_id, kind=StepKind.APPROVE, words="seen")
        acting = Acting(Actor.OPERATOR, by)
        with self.touching():
            got = self.tried(lambda: review_application(command, by=acting, services=self.stage.services))
        self.expect(got, because={Forbidden.ABOUT_ONESELF: about_oneself})

    def _end_grants(self, account: Account) -> None:
        for given in self.given:
            given.ended = given.ended or given.account is account

    # --- as if nothing had happened --------------------------------------------------------------------------------

    def settle(self, person: int, *, restricted: bool | None = None) -> Account:
        """Bring the person to an account that is in use and unlocked, by whatever way there is.

        Raises:
            NoWayBack: there is none.
        """
        for _ in range(12):
            account = self.account(person)
            wrong = restricted is not None and account.restricted is not restricted
            if not wrong and account.is_usable and account.authorised and not (account.off or account.paused):
                self._enter_somehow(account)
                if account.is_unlocked(self.now):
                    return account
            self._step_to_use(person, account, wrong=wrong, restricted=bool(restricted))
        raise NoWayBack

    def _step_to_use(self, person: int, account: Account, *, wrong: bool, restricted: bool) -> None:
        if account.erased:
            self.register(person, restricted=restricted)
            if self.account(person).erased:
                self.wait(days=1)
        elif Stop.LEAVING in account.stops and self._must_end(account, wrong=wrong):
            self.wait(hours=72)
            self.run_due()
        elif Stop.LEAVING in account.stops:
            newest = next(one for one in self.written if one.leaves and one.account is account)
            self.undo_by_secret(newest)
        elif account.newest is Stop.OWN:
            self.recover(account)
        else:
            self._put_right(account, wrong=wrong)

    def _must_end(self, account: Account, *, wrong: bool) -> bool:
        return wrong or account.is_held or not account.may_be_undone

    def _put_right(self, account: Account, *, wrong: bool) -> None:
        self._enter_somehow(account)
        if wrong or account.is_held:
            self.leave(account)
            return
        self.accept(account)
        if account.paused:
            self.resume(account)
        for partner in sorted(account.off):
            self.switch(account, partner, on=True)

    def _enter_somehow(self, account: Account) -> None:
        if not account.has_session(self.now):
            self.sign_in(account)
        if account.has_session(self.now):
            self.unlock(account)
        else:
            self.wait(days=1)
