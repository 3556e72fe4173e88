"""Set a deployment up as a document says: by the use cases of the commands, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from eztong.domain.configuration.difference import (
    AddNewDesk,
    ApproveNew,
    ConfigurationBlocked,
    Difference,
    DifferenceKind,
    LimitAnew,
    LimitReach,
    ProposeBrand,
    ProposeVersion,
    RegisterNew,
    RegisterNewMerchant,
    SetMerchant,
    Step,
    SuspendNow,
)
from eztong.domain.configuration.document import Configuration, configuration_hash
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import parse_reason
from eztong.ports.act import Act
from eztong.usecases.branding.publish_branding import ProposeBranding, propose_branding
from eztong.usecases.configuration.compare_configuration import compare_configuration
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.merchants.register_merchant import (
    RegisterMerchant,
    change_options,
    move_merchant,
    register_merchant,
)
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.partners.limit_partner import LimitPartner, limit_partner
from eztong.usecases.partners.register_desk import register_desk
from eztong.usecases.partners.register_partner import (
    RegisterPartner,
    approve_scene,
    limit_scene,
    register_partner,
)
from eztong.usecases.partners.suspend_partner import suspend_partner
from eztong.usecases.policy.publish_policy import ProposePolicy, propose_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyConfiguration:
    """The document that an operator wants to hold, and why."""

    wanted: Configuration
    reason: str


def apply_configuration(act: Act, command: ApplyConfiguration) -> Sequence[Difference]:
    """Do what a document asks for, and return how the deployment differed; doing it again changes nothing.

    1. Compare inside the unit of work, and refuse the whole where something is blocked.
    2. Of each partner do what is to be done, with an entry in the audit and an attested act.
    3. Propose the policy and the brand, which another operator approves.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        ConfigurationBlocked: naming the first that no command does.
        ConfigurationUnreadable, RowDamaged: what is there cannot be read.
    """
    reason = parse_reason(command.reason)
    found = compare_configuration(command.wanted, stored=act.uow, now=act.now)
    for one in found:
        if one.kind is DifferenceKind.BLOCKED:
            raise ConfigurationBlocked(f"{one.path}: no command makes it {one.wanted}, from {one.there}.")
    document = configuration_hash(command.wanted)
    to_do = [one for one in found if one.step is not None]
    for subject, ones in groupby(to_do, key=lambda one: one.subject):
        _set_right(act, subject, [*ones], reason=reason, document=document)
    return found


def _set_right(act: Act, subject: str, differences: Sequence[Difference], *, reason: str, document: str) -> None:
    for one in differences:
        if isinstance(one.step, ProposeVersion):
            propose_policy(act, ProposePolicy(policy=one.step.policy, reason=reason))
            return
        if isinstance(one.step, ProposeBrand):
            propose_branding(act, ProposeBranding(brand=one.step.brand, reason=reason))
            return
    check_operator(act, Permission.PARTNERS_CONFIGURE, subject)
    for one in differences:
        if one.step is not None:
            _do(act, PartnerId(subject), one.step, reason=reason)
    facts = {"configuration": document, "changes": " ".join(one.where or "partner" for one in differences)}
    attest_act(act, WhatWasDone(kind=ActKind.CONFIGURATION_APPLIED, subject=subject, facts=facts, reason=reason))


def _do(act: Act, partner_id: PartnerId, step: Step, *, reason: str) -> None:
    match step:
        case RegisterNew(partner):
            register_partner(
                act,
                RegisterPartner(
                    partner_id=partner_id,
                    name=partner.name,
                    name_en=partner.name_en,
                    sector_id=partner.sector_id,
                ),
            )
        case AddNewDesk(desk, name):
            register_desk(act, partner_id, desk, name)
        case ApproveNew(scene):
            approve_scene(act, partner_id, scene)
        case LimitAnew(scene, freshness):
            limit_scene(act, partner_id, scene, freshness)
        case SuspendNow():
            suspend_partner(act, partner_id, reason=reason)
        case LimitReach(networks=networks, redirects=redirects, per_minute=per_minute):
            limits = LimitPartner(
                partner_id=partner_id, reason=reason, networks=networks, redirects=redirects, per_minute=per_minute
            )
            limit_partner(act, limits)
        case RegisterNewMerchant() | SetMerchant():
            _set_merchant(act, partner_id, step)
        case ProposeVersion() | ProposeBrand():
            # They are no partner's, and were proposed above.
            return
        case _:
            assert_never(step)


def _set_merchant(act: Act, partner_id: PartnerId, step: RegisterNewMerchant | SetMerchant) -> None:
    if isinstance(step, SetMerchant):
        merchant = change_options(act, step.merchant_id, lambda _before: step.options)
    else:
        command = RegisterMerchant(partner_id=partner_id, scene=step.scene, name=step.name, options=step.options)
        merchant = register_merchant(act, command)
    if merchant.state is not step.state:
        move_merchant(act, merchant.merchant_id, step.state)
