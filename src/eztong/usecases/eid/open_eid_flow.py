"""Open an eid flow: a request like any other, with what the merchant of the Tencent Cloud door set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from eztong.domain.claims import Claim
from eztong.domain.eid.eid_flow import TOKEN_BYTES, EidEnding, EidFlow, FlowSettings, eid_token_of
from eztong.domain.errors import PartnerSuspended, SceneNotAllowed
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.domain.partners.quota import check_quota
from eztong.domain.partners.reach import check_redirect
from eztong.domain.requests.request import Request
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.usecases.eid.flow_settings_form import parse_settings, render_settings
from eztong.usecases.requests.open_request import RequestTerms, add_request, request_token

_TABLE: Final = "eid_flows"
_COLUMN: Final = "sealed_settings"
_CONFIRMED: Final = "sealed_confirmations"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEidFlow:
    """What the merchant asks. The partner proved itself with keys of the account that the merchant belongs to."""

    partner_id: PartnerId
    merchant_id: str
    scene: str
    settings: FlowSettings


@dataclass(frozen=True, slots=True)
class OpenedEidFlow:
    """The flow, its request, and the secret of the link that leads the holder to it."""

    flow: EidFlow
    request: Request
    link_token: str


def open_eid_flow(act: Act, command: OpenEidFlow) -> OpenedEidFlow:
    """Open the flow.

    Raises:
        PartnerSuspended, SceneNotAllowed, RedirectNotAllowed: nothing was opened.
    """
    partner = act.uow.partners.get(command.partner_id)
    if partner is None or partner.state is not PartnerState.APPROVED:
        raise PartnerSuspended
    check_quota(partner.quota_until, now=act.now)
    if act.uow.partners.scene(command.partner_id, command.scene) is None:
        raise SceneNotAllowed
    if command.settings.redirect_url is not None:
        check_redirect(partner, command.settings.redirect_url)
    asked = RequestTerms(partner_id=command.partner_id, scene=command.scene, claims=frozenset({Claim.IS_PERSON}))
    request = add_request(act, asked)
    eid_token = eid_token_of(act.entropy.token(TOKEN_BYTES))
    sealed = act.keys.seal(
        render_settings(command.settings), nonce=act.entropy.token(NONCE_BYTES), place=(_TABLE, eid_token, _COLUMN)
    )
    flow = EidFlow(
        eid_token=eid_token,
        partner_id=command.partner_id,
        request_id=request.request_id,
        merchant_id=command.merchant_id,
        sealed_settings=sealed,
        created_at=act.now,
    )
    act.uow.eid_flows.add(flow)
    return OpenedEidFlow(flow, request, request_token(request.request_id, keys=act.keys))


def open_settings(flow: EidFlow, *, keys: Keys) -> FlowSettings:
    """Return what the merchant set."""
    text = keys.open(flow.sealed_settings, place=(_TABLE, flow.eid_token, _COLUMN))
    return parse_settings(text)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What opens the evidence of an intention."""

    salt: bytes
    confirmations: tuple[str, ...]


def seal_confirmed(confirmed: Confirmed, eid_token: str, *, keys: Keys, entropy: Entropy) -> bytes:
    """Seal what was confirmed."""
    place = (_TABLE, eid_token, _CONFIRMED)
    return keys.seal(msgspec.json.encode(confirmed), nonce=entropy.token(NONCE_BYTES), place=place)


def open_confirmations(eid_token: str, ending: EidEnding, *, keys: Keys) -> tuple[str, ...]:
    """Return what was confirmed, step by step; nothing if there was no intention."""
    if ending.sealed_confirmations is None:
        return ()
    text = keys.open(ending.sealed_confirmations, place=(_TABLE, eid_token, _CONFIRMED))
    return msgspec.json.decode(text, type=Confirmed).confirmations
