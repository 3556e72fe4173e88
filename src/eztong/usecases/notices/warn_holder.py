"""Tell a holder at once what may need an act of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from eztong.domain.assistance.assistance import NEWS_OF_ELDER, AssistanceState
from eztong.domain.assistance.copied import is_copied
from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import NEWS_OF_WARD
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.masking import mask_name
from eztong.domain.notices import Message, Topic
from eztong.domain.partners.partner import Partner
from eztong.domain.standing import is_usable
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import TELLING, Unread, each_by_itself, read_apart
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.contacts import contacts_of
from eztong.usecases.notices.keep_notice import keep_notice
from eztong.usecases.notices.send_message import send_message
from eztong.usecases.spend_budget import take
from eztong.usecases.vault import open_vault

DEFAULT_LANGUAGE = "zh-CN"
WARNINGS: Final = 3
WITHIN: Final = timedelta(hours=1)
_ALREADY_TOLD: Final = frozenset(
    {Topic.WARD_NEWS, Topic.GUARDIAN_DECIDED, Topic.GUARDIAN_ENDED, Topic.CAME_OF_AGE, Topic.TAKEN_OVER}
)
"""What both are told of by itself."""
_OF_WARD: Final = frozenset(
    {
        Topic.TICKET_ANSWERED,
        Topic.TICKET_AT_STAKE,
        Topic.TALK_OPENED,
        Topic.TALK_PROPOSED,
        Topic.TALK_SETTLED,
        Topic.TALK_FAILED,
    }
)
"""What a ward wrote may be about the guardian, who is told of none of it."""


OF_OTHERS: Final = frozenset({"guardian", "helper"})
"""Those of whom an act may have missed one that are not the holder's own contacts."""


def warn_of_replay(act: Act, code: PresentationCode, holder: Holder, partner: Partner) -> None:
    """Tell the holder that a used code was tried again, and where (clause 2.11).

    Once for each code, three times an hour at most, and never after the code's life: a partner that keeps a code must
    not be able to send its holder as many messages as it likes. Both caps are conditional changes of rows, so that
    writers at the same time cannot double them.
    """
    if act.now >= code.expires_at or not act.uow.codes.mark_replayed(code.code_id, now=act.now):
        return
    ago = act.now - WITHIN
    places = range(WARNINGS)
    if not any(act.uow.codes.take_warning(holder.holder_id, place, now=act.now, unless_since=ago) for place in places):
        return
    params = {"partner": partner.name}
    tell_holder(act, holder, Topic.CODE_REPLAYED, params)


def tell_holder(
    act: Act,
    holder: Holder,
    topic: Topic,
    params: Mapping[str, str],
    *,
    names_account: bool = True,
    to: Sequence[str] = (),
    language: str | None = None,
) -> Sequence[str]:
    """Queue a message to every contact that speaks for the holder, and keep it as a notice; return who was missed.

    ``language`` is the one that the holder reads now, where the agreements were accepted by somebody else.
    ``to`` names the numbers it goes to in the place of the account's own, where it is about a number; the e-mail
    address and the notice are never left out for that. The last word to an account that ends does not name it, goes to
    the phone alone and is kept nowhere. A ward's guardian is told that there is news, but for what the ward wrote, also
    where it has no phone, and an elder's helper that something of this topic happened. Nobody else is told where there
    is no phone and none is named, or the account was erased, and nobody at all once its holder has died.

    Telling never stops what it tells of: who cannot be told, because a row or a number cannot be read, whosever it is,
    is passed over, counted, and named in the account's history; all others are told.
    """
    if holder.is_deceased:
        return []
    parts: dict[str, Callable[[], object]] = {}
    if names_account and topic not in _ALREADY_TOLD | _OF_WARD:
        parts["guardian"] = partial(_tell_guardian, act, holder, topic)
    if names_account:
        parts["helper"] = partial(_tell_helper, act, holder, topic)
    missed: list[str] = []
    if (to or holder.sealed_phone is not None) and holder.data_key.wrapped:
        message = Message(topic=topic, phone="", language=language or _language(act, holder), params=params)
        own = _tell_own if names_account else _tell_last
        parts["holder"] = lambda: missed.extend(own(act, holder, message, to))
    missed.extend(each_by_itself(act, TELLING, parts, lambda who: parts[who]()))
    if missed and names_account:
        detail = f"topic={topic} to={','.join(missed)}"
        note_event(act.by_itself(), holder.holder_id, EventKind.NOT_TOLD, detail=detail)
    return missed


def tell_account(act: Act, holder_id: HolderId | None, topic: Topic, params: Mapping[str, str]) -> None:
    """Tell another account that the act is about, if there is one; what is wrong with its row is its own."""

    def tell() -> None:
        holder = None if holder_id is None else act.uow.holders.get(holder_id)
        if holder is not None:
            tell_holder(act, holder, topic, params)

    act.uow.apart(TELLING, tell)


def _tell_last(act: Act, holder: Holder, message: Message, _to: Sequence[str]) -> Sequence[str]:
    phone = open_vault(holder, keys=act.keys).open("sealed_phone", holder.sealed_phone or b"").decode()
    send_message(act, replace(message, phone=phone))
    return ()


def _tell_own(act: Act, holder: Holder, message: Message, to: Sequence[str]) -> Sequence[str]:
    """Tell whatever contact can be read, and keep the notice; return the names of those that cannot."""
    vault = open_vault(holder, keys=act.keys)
    contacts, unread = contacts_of(act, holder, vault)
    phones = to or contacts.phones_for(message.topic)
    ids = [send_message(act, replace(message, phone=one), about=holder.holder_id) for one in phones]
    keep_notice(act, vault, message, ids[0] if ids else new_id(act, "msg"))
    if contacts.email is not None:
        send_message(act, replace(message, email=contacts.email), about=holder.holder_id)
    return unread


def _language(act: Act, holder: Holder) -> str:
    found = read_apart(act, TELLING, lambda: language_for(holder, act.uow))
    return DEFAULT_LANGUAGE if isinstance(found, Unread) else found


def _tell_guardian(act: Act, ward: Holder, topic: Topic) -> None:
    """Tell the guardian that something was told to the ward; what, is read on the ward's page.

    But for the end of the account, which a child learns from nobody else, and which somebody may have asked for with
    the guardian's phone.
    """
    active = act.uow.guardianships.active_of(ward.holder_id)
    guardian = None if active is None or active.guardian_id is None else act.uow.holders.get(active.guardian_id)
    ends = topic is Topic.DEREGISTRATION_ASKED
    if active is None or guardian is None:
        return
    # An account may not send somebody else as many messages as its holder likes.
    if ends or take(act, NEWS_OF_WARD, active.guardianship_id.encode(), topic.value.encode()):
        tell_holder(act, guardian, Topic.WARD_NEWS, {"role": "guardian", "what": topic.value} if ends else {})


def _tell_helper(act: Act, elder: Holder, topic: Topic) -> None:
    """Tell the helper of what warns or reminds the elder, in words of its own: none of the elder's go along.

    Nothing goes to a helper whose own account is stopped, nor about an account that was terminated.
    """
    active = act.uow.assistances.active_of(elder.holder_id)
    if active is None or not active.is_in(AssistanceState.ACTIVE, now=act.now) or elder.is_terminated:
        return
    helper = None if active.helper_id is None else act.uow.holders.get(active.helper_id)
    if helper is None or not is_usable(helper) or not is_copied(topic, with_uses=active.with_uses):
        return
    if not take(act, NEWS_OF_ELDER, active.assistance_id.encode(), topic.value.encode()):
        return
    name = open_vault(elder, keys=act.keys).open("sealed_name", elder.sealed_name or b"").decode()
    params = {"what": topic.value, "role": "helper", "assistance": active.assistance_id, "name": mask_name(name)}
    tell_holder(act, helper, Topic.HELPER_NEWS, params)


def language_for(holder: Holder, stored: Repositories) -> str:
    """Return the language in which a holder is told: the one that the agreements were accepted in."""
    acceptances = stored.agreements.acceptances(holder.holder_id)
    return acceptances[0].language if acceptances else DEFAULT_LANGUAGE
