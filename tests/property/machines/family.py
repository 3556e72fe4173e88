"""What guardians and wards do: inviting, confirming, applying for a child, deciding, and acting for a ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from eztong.domain.agreements import AgreementKind
from eztong.domain.codes.presentation_code import ShownCode
from eztong.domain.errors import TooMany
from eztong.domain.events import Actor
from eztong.domain.guardianship.guardianship import INVITATION_LIFE, Guardianship, WardsFull
from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.holder import HolderState
from eztong.ports.act import Acting
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, Asked
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.deregistration.undo_deregistration import undo_ward
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.apply_for_child import ApplyForChild, apply_for_child
from eztong.usecases.guardianship.confirm_ward import ConfirmWard, confirm_ward
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.invite_guardian import InviteGuardian, invite_guardian, open_digits
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from tests.property.machines.forbidden import Forbidden, never
from tests.property.machines.kin import CHILD, LINKED, MINOR, PARENT, Kin
from tests.property.machines.shadow import Account, Code, Stop, Written, states_of
from tests.property.machines.wards import STANDS_AS, Care, Standing, Ward, end_all
from tests.unit.usecases.access.ways import wrong
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.stage import accepting

Because = dict[Forbidden, bool]


class Family(Kin):
    """Events of guardianship."""

    def _done(self, got: object, because: Mapping[Forbidden, bool]) -> bool:
        """Return whether it was done; what was tried too often today may be refused whatever else holds."""
        is_spent = isinstance(got, TooMany | WardsFull)
        return not is_spent and self.expect(got, because=dict(because))

    def _acting(self, guardian: Account) -> Because:
        return {
            Forbidden.ACTED_SIGNED_OUT: not guardian.has_session(self.now),
            Forbidden.ACTED_LOCKED: not guardian.is_unlocked(self.now),
            Forbidden.CARE_BY_STOPPED: not guardian.is_usable,
        }

    @staticmethod
    def _vouches(guardian: Account) -> bool:
        return guardian.is_usable and guardian.authorised and not guardian.paused

    # --- becoming a guardian --------------------------------------------------------------------------------------

    def invite(self, ward: Ward, relation: Relation = PARENT) -> Care | None:
        """Let the minor invite."""
        now, waits = self.now, any(one.standing is Standing.DECLARED for one in self.open_cares(ward))
        command = InviteGuardian(session_hash=ward.who.session, relation=relation)
        because = {
            Forbidden.ACTED_SIGNED_OUT: not ward.has_session(now),
            Forbidden.ACTED_LOCKED: ward.has_account and not ward.is_unlocked(now),
            Forbidden.INVITED_IN_VAIN: waits or not self.needs_guardian(ward),
        }
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(invite_guardian, command))
            if not self._done(got, because):
                return None
            assert isinstance(got, Guardianship)
            end_all(self.open_cares(ward))
        digits = open_digits(got, self.stored(ward), keys=self.stage.keys)
        care = Care(
            ward, got.guardianship_id, relation, Standing.INVITED, digits=digits, until=self.now + INVITATION_LIFE
        )
        self.cares.append(care)
        return care

    def confirm(
        self,
        guardian: Account,
        care: Care,
        *,
        answer: RelationAnswer = RelationAnswer.CONFIRMED,
        right: bool = True,
        relation: Relation | None = None,
    ) -> None:
        """Type the digits of an invitation, or wrong ones, and say what one is to the minor."""
        ward, says = care.ward, relation or care.relation
        digits = care.digits if right else wrong(care.digits)
        command = ConfirmWard(
            session_hash=guardian.who.session, digits=digits, number=MINOR.number, relation=says, understood=True
        )
        because = self._acting(guardian) | {
            Forbidden.CARE_BY_STOPPED: not self._vouches(guardian),
            Forbidden.INVITATION_WRONG: not right,
            Forbidden.INVITATION_OVER: not care.takes_digits(self.now),
            Forbidden.RELATION_DIFFERS: says is not care.relation,
            Forbidden.INVITED_IN_VAIN: not self.needs_guardian(ward),
        }
        self._answer_relations(answer)
        with self.touching(guardian, ward):
            got = self.tried(lambda: confirm_ward(command, services=self.stage.services))
            if self._done(got, because):
                assert isinstance(got, Guardianship)
                care.guardian = guardian
                self._declared(care, got, answer)

    def apply_for_child(
        self, guardian: Account, *, answer: RelationAnswer = RelationAnswer.CONFIRMED, ticked: bool = True
    ) -> None:
        """Apply for the child, or claim its account."""
        consent = accepting(self.stage, guardian.who.session)
        if not ticked:
            consent = replace(consent, ticked=frozenset({AgreementKind.SERVICE}))
        command = ApplyForChild(name=CHILD.name, number=CHILD.number, relation=PARENT, consent=consent)
        child = self.child
        account = child if child is not None and child.has_account else None
        own = [one for one in self.cares if one.ward.kept and one.is_open and one.guardian is guardian]
        is_past = Ward(CHILD, guardian.holder_id, restricted=False).is_child(self.now)
        because = {Forbidden.CHILD_UNCONSENTED: not ticked} | self._acting(guardian)
        because |= {
            Forbidden.CARE_BY_STOPPED: not self._vouches(guardian),
            Forbidden.SHOWN_AT_14: not is_past,
            Forbidden.RELATION_UNPROVEN: answer is RelationAnswer.DENIED,
            Forbidden.RELATION_AGAIN: any(one.ward.is_there for one in own),
        }
        self._answer_relations(answer)
        known = self.known_ids()
        with self.touching(guardian, *([account] if account else [])):
            got = self.tried(lambda: apply_for_child(command, services=self.stage.services))
            done = self._done(got, because)
            if done and account is not None:
                assert isinstance(got, Guardianship)
                self._declare(account, guardian, got, answer)
        if not done:
            never(self.known_ids() - known, Forbidden.CHILD_UNCONSENTED, "something of nobody known")
        elif account is None:
            assert isinstance(got, Guardianship)
            ward = Ward(CHILD, got.ward_id, restricted=False, application=HolderState.SUPPLEMENT_NEEDED, kept=True)
            ward.signed_in = False
            self._add(ward)
            self._declare(ward, guardian, got, answer)
            self.check_states()

    def _answer_relations(self, answer: RelationAnswer) -> None:
        self.stage.authority.answer, self.stage.authority.related_as = None, answer

    def _declare(self, ward: Ward, guardian: Account, got: Guardianship, answer: RelationAnswer) -> None:
        care = Care(ward, got.guardianship_id, PARENT, Standing.DECLARED, guardian)
        self.cares.append(care)
        self._declared(care, got, answer, was_left=ward.was_left_to(guardian, self.now))

    def _declared(self, care: Care, got: Guardianship, answer: RelationAnswer, *, was_left: bool = False) -> None:
        """Compare how it stands with what the authority said; two guardians are no register's to decide."""
        stands, has_other = STANDS_AS[got.state], self.active(care.ward) is not None or was_left
        is_active = stands is Standing.ACTIVE
        never(is_active and answer is not RelationAnswer.CONFIRMED, Forbidden.RELATION_UNPROVEN)
        never(is_active and has_other, Forbidden.TAKEN_OVER)
        if answer is RelationAnswer.DENIED:
            care.standing = Standing.OVER
            care.ward.wait_again()
        elif answer is RelationAnswer.CONFIRMED and not has_other:
            care.standing = Standing.ACTIVE
            self.confirmed(care.ward)
        else:
            care.standing = Standing.DECLARED
        never(stands is not care.standing, Forbidden.OTHER_CARE)

    def decide(self, care: Care, *, by: str, holds: bool) -> None:
        """Let an operator decide."""
        guardian, ward = care.guardian, care.ward
        # Whoever is, was, or asked to be the guardian, of whichever application of this person.
        around = [one.guardian for one in self.cares if one.ward.who.number == ward.who.number]
        numbers = {ward.who.number, *(one.who.number for one in around if one is not None and not one.erased)}
        because = {
            Forbidden.DECIDED_OWN_RELATION: LINKED.get(by) in numbers,
            Forbidden.RELATION_AGAIN: care.standing is not Standing.DECLARED,
            Forbidden.CARE_BY_STOPPED: holds and (guardian is None or not self._vouches(guardian)),
        }
        command = DecideRelation(guardianship_id=care.guardianship_id, holds=holds, words="seen")
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(decide_relation, command, by=Acting(Actor.OPERATOR, by)))
            if not self._done(got, because):
                return
            if holds:
                end_all(one for one in self.open_cares(ward) if one.standing is Standing.ACTIVE)
                care.standing = Standing.ACTIVE
                self.confirmed(ward)
            else:
                care.standing = Standing.OVER
                ward.wait_again()

    # --- acting for a ward ----------------------------------------------------------------------------------------

    def _caring(self, guardian: Account, ward: Ward) -> Because:
        care = self.active(ward)
        return self._acting(guardian) | {
            Forbidden.NOT_THEIRS: care is None or care.guardian is not guardian or ward.erased,
            Forbidden.ACTED_FOR_ADULT: not ward.kept and ward.is_of_age(self.now),
        }

    def freeze_ward(self, guardian: Account, ward: Ward) -> None:
        """Freeze the ward's account."""
        command = StopWard(session_hash=guardian.who.session, ward_id=ward.holder_id)
        because = self._caring(guardian, ward) | {Forbidden.OTHER_STATE: ward.application is not None}
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(freeze_ward, command))
            if self._done(got, because):
                ward.freeze(Stop.GUARDIAN)
                self.sign_out(ward)

    def release_ward(self, guardian: Account, ward: Ward) -> None:
        """Lift a guardian's freeze, and nothing else."""
        command = StopWard(session_hash=guardian.who.session, ward_id=ward.holder_id)
        because = self._caring(guardian, ward) | {Forbidden.ENDED_PAUSED: guardian.paused}
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(release_ward, command))
            if self._done(got, because):
                ward.release()
                stand = states_of(self.stored(ward))
                never(any(one not in stand for one in ward.states), Forbidden.FREED_BY_GUARDIAN)

    def show_for(self, guardian: Account, ward: Ward) -> Code | None:
        """Show a code of the ward."""
        command = ShowWardCode(session_hash=guardian.who.session, ward_id=ward.holder_id)
        because = self._caring(guardian, ward) | {
            Forbidden.SHOWN_AT_14: not ward.is_child(self.now),
            Forbidden.SHOWN_STOPPED: not ward.is_usable,
            Forbidden.SHOWN_PAUSED: guardian.paused,
            Forbidden.SHOWN_UNAUTHORISED: not guardian.authorised,
        }
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(show_ward_code, command))
        if not self._done(got, because):
            return None
        assert isinstance(got, ShownCode)
        self.end_codes(ward)
        code = Code(ward, got)
        self.codes.append(code)
        return code

    def end_for(self, guardian: Account, ward: Ward) -> Written | None:
        """Ask for the ward's account to be ended."""
        secret, leaves_already = self.secret(), Stop.LEAVING in ward.stops
        command = AskDeregistration(session_hash=guardian.who.session, secret=secret, understood=True)
        because = self._caring(guardian, ward) | {
            Forbidden.ENDED_FOR_WARD: not ward.kept,
            Forbidden.ENDED_PAUSED: guardian.paused,
            Forbidden.OTHER_STATE: ward.application is not None,
        }
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(deregister_ward, command, ward.holder_id, calendar=CALENDAR))
            if not self._done(got, because) or leaves_already:
                return None
            assert isinstance(got, Asked)
            ward.stops.append(Stop.LEAVING)
            ward.leaving_until = got.deregistration.cooling_until
            self.end_codes(ward)
        written = Written(ward, got.ticket.number, secret, leaves=True)
        self.written.append(written)
        return written

    def undo_for(self, guardian: Account, ward: Ward) -> None:
        """Undo the end of the ward's account."""
        because = self._caring(guardian, ward) | {
            Forbidden.ENDED_FOR_WARD: not ward.kept,
            Forbidden.ENDED_PAUSED: guardian.paused,
            Forbidden.UNDONE_LATE: not ward.may_be_undone,
        }
        with self.touching(ward):
            got = self.tried(lambda: self.stage.act(undo_ward, guardian.who.session, ward.holder_id))
            if self._done(got, because):
                self.end_leaving(ward)

    def give_up(self, guardian: Account, ward: Ward) -> None:
        """Be the ward's guardian no more."""
        command = LeaveWard(session_hash=guardian.who.session, ward_id=ward.holder_id, understood=True)
        because = self._caring(guardian, ward)
        with self.touching(guardian, ward):
            got = self.tried(lambda: self.stage.act(leave_ward, command))
            if self._done(got, because):
                end_all(one for one in self.open_cares(ward) if one.standing is Standing.ACTIVE)
                self.leave_alone(ward)
                ward.left_at, ward.left_by = self.now, guardian

    def recover_child(self, ward: Ward) -> None:
        """Try to get into the child's account, with its name and number."""
        self.tried(lambda: self.recover(ward))
        never(ward.signed_in, Forbidden.CHILD_ENTERED)

    def known_ids(self) -> set[str]:
        """Return of whom there is anything at all."""
        return {one for (one,) in self._db.execute("SELECT holder_id FROM holders")}
