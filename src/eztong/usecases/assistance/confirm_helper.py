"""Confirm, as the elder, who typed the digits: the help begins (preamble; clause 2.11)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.assistance.assistance import (
    Assistance,
    AssistanceEnd,
    AssistanceMissing,
    HelperNotEligible,
    HelpSide,
)
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.assistance.parties import assistance_of, change, end, find_party, masked_name, may_help, note_both
from eztong.usecases.notices.warn_holder import tell_account


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmHelper:
    """Which assistance the elder saw on the page, with the helper's masked name."""

    session_hash: bytes
    assistance_id: str


def confirm_helper(act: Act, command: ConfirmHelper) -> Assistance:
    """Let the help begin, for its days from now; another helper of the elder helps no more. Both are told.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, HelperNotEligible: this session may not.
        AssistanceMissing, AssistanceNotWaiting: there is nothing to confirm.
    """
    elder = find_party(command.session_hash, stored=act.uow, keys=act.keys, now=act.now)
    accepted = assistance_of(command.assistance_id, elder.holder_id, stored=act.uow)
    if accepted.elder_id != elder.holder_id:
        raise AssistanceMissing
    began = accepted.confirmed(now=act.now)
    helper = None if accepted.helper_id is None else act.uow.holders.get(accepted.helper_id)
    if helper is None or not may_help(helper, keys=act.keys, now=act.now):
        raise HelperNotEligible
    earlier = act.uow.assistances.active_of(elder.holder_id)
    if earlier is not None:
        end(act, earlier, AssistanceEnd.TIME if earlier.is_over(now=act.now) else AssistanceEnd.REPLACED)
    change(act, accepted, began)
    note_both(act, began, by=HelpSide.ELDER)
    until = {"until": began.due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")}
    tell_account(act, elder.holder_id, Topic.HELPER_BEGAN, until)
    name = masked_name(elder.holder_id, stored=act.uow, keys=act.keys)
    tell_account(act, began.helper_id, Topic.HELPING_BEGAN, until | {"assistance": began.assistance_id, "name": name})
    return began
