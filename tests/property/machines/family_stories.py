"""Short stories of families: each brings wards and guardians to where it begins, and tries what is forbidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.holder import FreezeReason
from tests.property.machines.asking import WANTS
from tests.property.machines.holders import NoWayBack
from tests.property.machines.households import DECIDER, Households
from tests.property.machines.kin import DECIDERS

ADULT = WANTS[1]


def minor_applies_alone(family: Households, _who: int) -> None:
    """A minor applies, nobody confirms, and the service does its work."""
    family.apply()
    family.work()
    minor = family.minor
    assert minor is not None
    family.show(minor)


def not_all_is_ticked(family: Households, who: int) -> None:
    """A guardian applies for a child, and agrees to one document of two."""
    family.apply_for_child(family.settle(who), ticked=False)


def stranger_acts(family: Households, who: int) -> None:
    """Another adult acts for a child that is not theirs."""
    _, child = family.settle_child(who)
    stranger = family.settle(1 - who)
    family.freeze_ward(stranger, child)
    family.show_for(stranger, child)
    family.end_for(stranger, child)
    family.give_up(stranger, child)


def second_guardian_claims(family: Households, who: int) -> None:
    """Another adult whom the authority confirms claims the child, and acts before staff decided, and after it."""
    first, child = family.settle_child(who)
    second = family.settle(1 - who)
    family.apply_for_child(second)
    family.freeze_ward(second, child)
    for care in [one for one in family.open_cares(child) if one.guardian is second]:
        family.decide(care, by=DECIDER, holds=True)
        family.decide(care, by=DECIDER, holds=False)
    family.freeze_ward(second, child)
    family.release_ward(family.settle(who), child)
    family.freeze_ward(first, child)


def guardian_is_stopped(family: Households, who: int) -> None:
    """A guardian freezes the own account, signs in again, and acts for the child."""
    guardian, child = family.settle_child(who)
    family.freeze(guardian, FreezeReason.PAUSE)
    family.sign_in(guardian)
    if not guardian.has_session(family.now):
        raise NoWayBack
    family.unlock(guardian)
    family.freeze_ward(guardian, child)
    family.show_for(guardian, child)


def guardian_pauses(family: Households, who: int) -> None:
    """A guardian asks that the own data are used for nothing, and acts for the child."""
    guardian, child = family.settle_child(who)
    family.pause(guardian)
    family.show_for(guardian, child)
    family.apply_for_child(guardian)
    family.freeze_ward(guardian, child)


def ward_is_stopped_by_others(family: Households, who: int) -> None:
    """A child is frozen by its guardian and the risk rules, and the guardian lifts it; the code before passes not."""
    guardian, child = family.settle_child(who)
    code = family.show_for(guardian, child)
    family.freeze_ward(guardian, child)
    family.freeze_by_risk(child)
    if code is not None:
        family.present(code, "hotel", ADULT)
    family.release_ward(guardian, child)
    family.show_for(guardian, child)


def ward_told_a_loss(family: Households, who: int) -> None:
    """A minor whom the guardian froze tells the hotline of a theft, and then the guardian lifts the own freeze."""
    guardian, minor = family.settle_minor(who)
    family.freeze_ward(guardian, minor)
    family.call_hotline(minor, by=DECIDER)
    family.release_ward(guardian, minor)
    family.show(minor)


def ward_comes_back(family: Households, who: int) -> None:
    """A minor whom the guardian froze signs in, recovers, and shows a code."""
    guardian, minor = family.settle_minor(who)
    family.freeze_ward(guardian, minor)
    family.sign_in(minor)
    family.recover(minor)
    family.show(minor)


def frozen_over_leaving(family: Households, who: int) -> None:
    """A minor whom the guardian froze leaves, is frozen once more, stays, and is let go."""
    guardian, minor = family.settle_minor(who)
    family.freeze_ward(guardian, minor)
    family.sign_in(minor)
    if not minor.has_session(family.now):
        raise NoWayBack
    family.unlock(minor)
    ticket = family.leave(minor)
    guardian = family.settle(who)
    family.freeze_ward(guardian, minor)
    if ticket is not None:
        family.undo_by_secret(ticket)
    family.release_ward(guardian, minor)


def child_is_fourteen(family: Households, who: int) -> None:
    """The 14th birthday comes, and the guardian shows the code of the child of yesterday."""
    guardian, child = family.settle_child(who)
    family.until_birthday(eve=True)
    guardian, child = family.settle_child(who)
    family.show_for(guardian, child)
    while child.is_child(family.now):
        family.until_birthday(eve=False)
    guardian = family.settle(who)
    family.show_for(guardian, child)
    family.work()
    family.show_for(guardian, child)


def minor_is_eighteen(family: Households, who: int) -> None:
    """The 18th birthday comes, and the guardian acts, before the service did its work and after it."""
    guardian, minor = family.settle_minor(who)
    while not minor.is_of_age(family.now):
        family.until_birthday(eve=False)
    guardian = family.settle(who)
    family.freeze_ward(guardian, minor)
    family.work()
    family.freeze_ward(guardian, minor)


def waits_until_eighteen(family: Households, who: int) -> None:
    """A minor's guardian waits for staff, who decide when the minor is of age; it needs nobody any more."""
    guardian, minor = family.settle_inviting(who)
    care = family.invite(minor)
    if care is None:
        raise NoWayBack
    family.confirm(guardian, care, answer=RelationAnswer.UNKNOWN)
    while not minor.is_of_age(family.now):
        family.until_birthday(eve=False)
    family.work()
    family.decide(care, by=DECIDER, holds=bool(who))


def ended_invitations_are_used(family: Households, who: int) -> None:
    """An invitation of yesterday is used, one that was replaced, and one once more."""
    for wait in (True, False):
        _, minor = family.settle_inviting(who)
        care = family.invite(minor)
        if care is None:
            raise NoWayBack
        if wait:
            family.wait(hours=25)
        elif family.invite(minor) is None:
            raise NoWayBack
        family.confirm(family.settle(who), care)
    guardian, minor = family.settle_inviting(who)
    newest = family.invite(minor)
    for _ in range(2):
        if newest is not None:
            family.confirm(guardian, newest)


def wrong_is_typed(family: Households, who: int) -> None:
    """Wrong digits are typed, and another relation than the minor said."""
    guardian, minor = family.settle_inviting(who)
    care = family.invite(minor)
    if care is not None:
        family.confirm(guardian, care, right=False)
        family.confirm(guardian, care, relation=Relation.SIBLING)


def authority_does_not_confirm(family: Households, who: int) -> None:
    """The authority denies a relation, and does not know the next."""
    for answer in (RelationAnswer.DENIED, RelationAnswer.UNKNOWN):
        guardian, minor = family.settle_inviting(who)
        care = family.invite(minor)
        if care is not None:
            family.confirm(guardian, care, answer=answer)
        family.freeze_ward(guardian, minor)


def staff_decide_about_themselves(family: Households, _who: int) -> None:
    """The operator who wants to be the guardian decides, the one who is the ward, and one who decides twice."""
    guardian, minor = family.settle_inviting(0)
    care = family.invite(minor)
    if care is None:
        raise NoWayBack
    family.confirm(guardian, care, answer=RelationAnswer.UNKNOWN)
    for by in (DECIDERS[0], DECIDERS[2], DECIDERS[1], DECIDERS[1]):
        family.decide(care, by=by, holds=True)


def guardian_ends_the_account_of_a_minor(family: Households, who: int) -> None:
    """A guardian asks that the account of a minor is ended, who signs in alone."""
    guardian, minor = family.settle_minor(who)
    family.end_for(guardian, minor)


def guardian_gives_up_in_a_review(family: Households, who: int) -> None:
    """A guardian was confirmed and gives up, while a person looks at the application; and then it is approved."""
    guardian, minor = family.settle_inviting(who)
    care = family.invite(minor)
    if care is None:
        raise NoWayBack
    family.confirm(guardian, care)
    family.work(doubts=True)
    family.give_up(guardian, minor)
    family.work()
    family.show(minor)


def guardian_leaves(family: Households, who: int) -> None:
    """A guardian's account ends; the child's stands still, nobody enters it, and another adult takes over."""
    guardian, child = family.settle_child(who)
    family.leave(guardian)
    family.wait(hours=72)
    family.work()
    family.freeze_ward(guardian, child)
    family.recover_child(child)
    family.settle_child(1 - who)


def hotline_freezes_a_child(family: Households, who: int) -> None:
    """A guardian calls the hotline about a child, and lifts that again."""
    guardian, child = family.settle_child(who)
    family.call_hotline(child, by=DECIDER)
    family.release_ward(guardian, child)
    family.show_for(guardian, child)


FamilyStory = Callable[[Households, int], None]
FAMILY_STORIES: Final[Mapping[str, FamilyStory]] = {
    story.__name__: story
    for story in (
        minor_applies_alone,
        not_all_is_ticked,
        stranger_acts,
        second_guardian_claims,
        guardian_is_stopped,
        guardian_pauses,
        ward_is_stopped_by_others,
        ward_told_a_loss,
        ward_comes_back,
        frozen_over_leaving,
        child_is_fourteen,
        minor_is_eighteen,
        waits_until_eighteen,
        ended_invitations_are_used,
        wrong_is_typed,
        authority_does_not_confirm,
        staff_decide_about_themselves,
        guardian_ends_the_account_of_a_minor,
        guardian_gives_up_in_a_review,
        guardian_leaves,
        hotline_freezes_a_child,
    )
}
