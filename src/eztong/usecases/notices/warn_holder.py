"""Tell a holder at once what may need an act of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from eztong.domain.assistance.assistance import NEWS_OF_ELDER, AssistanceState
from eztong.domain.assistance.copied import is_copied
from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.errors import HolderErased
from eztong.domain.guardianship.guardianship import NEWS_OF_WARD
from eztong.domain.holder import Holder
from eztong.domain.identity.masking import mask_name
from eztong.domain.notices import Message, Topic
from eztong.domain.partners.partner import Partner
from eztong.domain.standing import is_usable
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.notices.contacts import contacts_of
from eztong.usecases.notices.keep_notice import keep_notice
from eztong.usecases.notices.send_message import send_message
from eztong.usecases.spend_budget import take
from eztong.usecases.vault import open_vault

DEFAULT_LANGUAGE = "zh-CN"
WARNINGS: Final = 3
WITHIN: Final = timedelta(hours=1)
_ALREADY_TOLD: Final = frozenset({Topic.WARD_NEWS, Topic.GUARDIAN_DECIDED, Topic.GUARDIAN_ENDED, Topic.CAME_OF_AGE})
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
) -> None:
    """Queue a message to every contact that speaks for the holder, and keep it as a notice.

    ``to`` names the numbers it goes to in the place of the account's own, where it is about a number; the e-mail
    address and the notice are never left out for that. The last word to an account that ends does not name it, goes to
    the phone alone and is kept nowhere. A ward's guardian is told that there is news, but for what the ward wrote, also
    where it has no phone, and an elder's helper that something of this topic happened. Nobody else is told where there
    is no phone, or the account was erased, and nobody at all once its holder has died.
    """
    if holder.is_deceased:
        return
    if names_account and topic not in _ALREADY_TOLD | _OF_WARD:
        _tell_guardian(act, holder, topic)
    if names_account:
        _tell_helper(act, holder, topic)
    if holder.sealed_phone is None:
        return
    try:
        vault = open_vault(holder, keys=act.keys)
    except HolderErased:
        return
    phone = vault.open("sealed_phone", holder.sealed_phone).decode()
    message = Message(topic=topic, phone=phone, language=language_for(holder, act.uow), params=params)
    if not names_account:
        send_message(act, message)
        return
    contacts = contacts_of(holder, phone, vault, stored=act.uow, keys=act.keys, now=act.now)
    phones = to or contacts.phones_for(topic)
    ids = [send_message(act, replace(message, phone=one), about=holder.holder_id) for one in phones]
    keep_notice(act, vault, message, ids[0])
    if contacts.email is not None:
        send_message(act, replace(message, phone="", email=contacts.email), about=holder.holder_id)


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
