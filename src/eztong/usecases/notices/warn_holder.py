"""Tell a holder at once what may need an act of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.errors import HolderErased
from eztong.domain.holder import Holder
from eztong.domain.notices import Message, Topic
from eztong.domain.partners.partner import Partner
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.notices.keep_notice import keep_notice
from eztong.usecases.notices.sealed_email import open_email
from eztong.usecases.notices.send_message import send_message
from eztong.usecases.vault import open_vault

DEFAULT_LANGUAGE = "zh-CN"
WARNINGS: Final = 3
WITHIN: Final = timedelta(hours=1)


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
    act: Act, holder: Holder, topic: Topic, params: Mapping[str, str], *, names_account: bool = True
) -> None:
    """Queue a message to the phone and keep it as a notice, unless there is no phone or the account was erased.

    It goes to the holder's e-mail address, too, if there is a proven one. The last word to an account that ends does
    not name it, goes to the phone alone and is kept nowhere.
    """
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
    message_id = send_message(act, message, about=holder.holder_id)
    keep_notice(act, vault, message, message_id)
    email = act.uow.emails.get(holder.holder_id)
    if email is not None and email.proven_at is not None:
        send_message(act, replace(message, phone="", email=open_email(email, vault)), about=holder.holder_id)


def tell_phone(act: Act, holder: Holder, phone: str, *, topic: Topic, params: Mapping[str, str]) -> None:
    """Queue a message about the account to a phone that is, was or will be its own."""
    message = Message(topic=topic, phone=phone, language=language_for(holder, act.uow), params=params)
    send_message(act, message, about=holder.holder_id)


def language_for(holder: Holder, stored: Repositories) -> str:
    """Return the language in which a holder is told: the one that the agreements were accepted in."""
    acceptances = stored.agreements.acceptances(holder.holder_id)
    return acceptances[0].language if acceptances else DEFAULT_LANGUAGE
