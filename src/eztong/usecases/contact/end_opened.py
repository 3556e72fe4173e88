"""End what somebody else may have opened before a freeze, a told loss or a recovery (clauses 2.6, 2.9; ADR 0058).

What of it is ended where stands in :mod:`eztong.domain.contact.opened`.
"""

from __future__ import annotations

from datetime import datetime

from eztong.domain.contact.phone_change import EndedBy
from eztong.domain.death.after_death import Wish, stored_as, wish_of
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.recovery import is_settled, settled_until
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import CONTACT, Unread, read_apart
from eztong.usecases.assistance.end_assistance import end_newer, end_pending
from eztong.usecases.contact.keep_number import settle_at_opening, undo_for_loss
from eztong.usecases.end_codes import kept_or_unread
from eztong.usecases.feedback.find_ticket import end_secrets
from eztong.usecases.grants.switch_partner import move_switch
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.told_loss import lost_since


def end_at_freeze(act: Act, holder: Holder, *, by_service: bool = False) -> None:
    """End what was begun and is not in force: a change of the phone, an address, a helper whom nobody confirmed.

    ``by_service`` says that operator or risk rules freeze it: that stops a change that rests on staff alone, too.
    """
    settle_at_opening(act, holder, EndedBy.FREEZE, by_service=by_service)
    act.uow.apart(CONTACT, lambda: end_pending(act, holder))
    act.uow.apart(CONTACT, lambda: _remove_unproven(act, holder.holder_id))


def _remove_unproven(act: Act, holder_id: HolderId) -> None:
    email = act.uow.emails.get(holder_id)
    if email is not None and email.proven_at is None:
        act.uow.emails.remove(holder_id)
        note_event(act, holder_id, EventKind.EMAIL_REMOVED, detail="by=freeze")


def end_at_loss(act: Act, holder: Holder) -> Holder:
    """End what the holder did not have for a while when the loss was first told; return the account as it stands then.

    The number comes first, so that what follows is told to the holder's.
    """
    kept = undo_for_loss(act, holder)
    end_new(act, kept, at=first_told_at(act, holder), by="loss")
    return kept


def first_told_at(act: Act, holder: Holder) -> datetime:
    """Return when the loss that is told now was told first: now, unless the freeze that holds tells one already."""
    lost_at = read_apart(act, CONTACT, lambda: lost_since(holder, stored=act.uow))
    return act.now if isinstance(lost_at, Unread) or lost_at is None else lost_at


def end_new(act: Act, holder: Holder, *, at: datetime, by: str) -> None:
    """End addresses, helpers, choices and grants newer than is settled, the phrase, secrets of tickets, freeze links.

    A partner that was switched on again as lately is off again: whoever had the phone could let it in.

    An address is told of it a last time, since it may be the holder's own. What of it cannot be read keeps no other
    from its end; an address that cannot be read is removed.
    """
    act.uow.apart(CONTACT, lambda: end_newer(act, holder, at=at))
    if not act.uow.apart(CONTACT, lambda: _remove_new_email(act, holder, at=at, by=by)):
        act.uow.emails.remove(holder.holder_id)
        note_event(act, holder.holder_id, EventKind.EMAIL_REMOVED, detail=f"by={by}")
    ended = act.uow.grants.end_newer(holder.holder_id, than=settled_until(at), now=act.now)
    if ended:
        note_event(act, holder.holder_id, EventKind.GRANTS_ENDED, detail=f"grants_ended={ended} by={by}")
    act.uow.apart(CONTACT, lambda: _switch_off_again(act, holder.holder_id, at=at))
    if act.uow.phrases.remove(holder.holder_id):
        note_event(act, holder.holder_id, EventKind.PHRASE_REMOVED, detail=f"by={by}")
    act.uow.apart(CONTACT, lambda: _end_secrets(act, holder.holder_id, by=by))
    act.uow.apart(CONTACT, lambda: _end_secrets_of_wards(act, holder.holder_id, by=by))
    act.uow.apart(CONTACT, lambda: _choose_as_before(act, holder.holder_id, at=at, by=by))
    act.uow.apart(CONTACT, lambda: _wish_as_before(act, holder, at=at, by=by))
    act.uow.notice_choices.end_links(holder.holder_id, now=act.now)
    act.uow.cases.end_secrets(holder.holder_id)


def _end_secrets_of_wards(act: Act, guardian_id: HolderId, *, by: str) -> None:
    for ward_id in kept_or_unread(act, guardian_id):
        _end_secrets(act, ward_id, by=by)


def _remove_new_email(act: Act, holder: Holder, *, at: datetime, by: str) -> None:
    email = act.uow.emails.get(holder.holder_id)
    if email is None or (email.proven_at and is_settled(email.proven_at, lost_at=at)):
        return
    if email.proven_at is not None:
        tell_holder(act, holder, Topic.EMAIL_REMOVED, {})
    act.uow.emails.remove(holder.holder_id)
    note_event(act, holder.holder_id, EventKind.EMAIL_REMOVED, detail=f"by={by}")


def _end_secrets(act: Act, holder_id: HolderId, *, by: str) -> None:
    """End the secrets of the account's tickets.

    While an account is being ended, that ticket's secret stays: nothing else shows the receipt when the account is
    gone. A told loss, or a guardian who has the account back, undoes the ending as long as it can be, and ends that
    secret, too.
    """
    found = read_apart(act, CONTACT, lambda: act.uow.deregistrations.running(holder_id))
    running = None if isinstance(found, Unread) else found
    stays = running is not None and (by == "recovery" or not running.may_be_undone)
    end_secrets(act, holder_id, but=running.ticket_id if running is not None and stays else None)


def _choose_as_before(act: Act, holder_id: HolderId, *, at: datetime, by: str) -> None:
    choices = act.uow.notice_choices.get(holder_id)
    if choices is None or is_settled(choices.changed_at, lost_at=at):
        return
    # What informs the holder is never switched off by this, and what does not is never switched on.
    per_use = choices.per_use or _chosen(holder_id, "per_use", at=at, stored=act.uow)
    promotions = choices.promotions and _chosen(holder_id, "promotions", at=at, stored=act.uow)
    if (per_use, promotions) == (choices.per_use, choices.promotions):
        return
    newest = act.uow.verifications.for_holder(holder_id, before=None, limit=1)
    told_until = newest[0].verification_id if newest else ""
    act.uow.notice_choices.set_per_use(holder_id, is_on=per_use, told_until=told_until, now=act.now)
    act.uow.notice_choices.set_promotions(holder_id, is_on=promotions, now=act.now)
    detail = f"per_use={_word(is_on=per_use)} promotions={_word(is_on=promotions)} by={by}"
    note_event(act, holder_id, EventKind.NOTICES_CHOSEN, detail=detail)


def _chosen(holder_id: HolderId, name: str, *, at: datetime, stored: Repositories) -> bool:
    return _settled(holder_id, EventKind.NOTICES_CHOSEN, name, at=at, stored=stored) == "on"


def _settled(holder_id: HolderId, kind: EventKind, name: str, *, at: datetime, stored: Repositories) -> str | None:
    """Return what was chosen last of what is settled; the history has every choice, newest first."""
    said = (
        event.fact(name)
        for event in stored.holders.events(holder_id)
        if event.kind is kind and is_settled(event.at, lost_at=at)
    )
    return next((one for one in said if one is not None), None)


def _wish_as_before(act: Act, holder: Holder, *, at: datetime, by: str) -> None:
    """Let the settled choice for after the own death hold again; whoever had the phone may have made a newer one.

    What the law has anyway is never taken back by it: the holder may have gone back to that. Nor is anything once the
    holder has died: a loss that is told then is no word of theirs.
    """
    if holder.is_deceased or wish_of(holder) is Wish.RELATIVES:
        return
    settled = _settled(holder.holder_id, EventKind.AFTER_DEATH_CHOSEN, "wish", at=at, stored=act.uow)
    before = Wish(settled or Wish.RELATIVES)
    if wish_of(holder) is not before:
        act.uow.holders.choose_after_death(holder.holder_id, stored_as(before))
        note_event(act, holder.holder_id, EventKind.AFTER_DEATH_CHOSEN, detail=f"wish={before} by={by}")
        tell_holder(act, holder, Topic.AFTER_DEATH_CHOSEN, {})


def _switch_off_again(act: Act, holder_id: HolderId, *, at: datetime) -> None:
    """Switch partners off that were off when all was settled; what was switched off since stays off."""
    moved = [one for one in act.uow.holders.events(holder_id) if one.kind is EventKind.PARTNER_SWITCHED]
    settled = [one for one in moved if is_settled(one.at, lost_at=at)]
    was_on = {one.fact("partner"): one.fact("on") for one in reversed(settled)}
    for partner, is_on in act.uow.grants.switches(holder_id).items():
        if is_on and was_on.get(partner) == str(False):
            move_switch(act, holder_id, partner, on=False)


def _word(*, is_on: bool) -> str:
    return "on" if is_on else "off"
