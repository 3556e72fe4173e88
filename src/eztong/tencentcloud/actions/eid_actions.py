"""GetEidToken, CheckEidTokenStatus and GetEidResult over the use cases that ``/v1/requests`` runs on, too.

The transport hands over decoded parameters and the account that signed; what comes back joins its envelope. The two
reading actions are plain indexed reads: they run on the event loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.eid.eid_flow import EID_TOKEN, EidTokenUnknown, Recipient
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import MerchantState, UnfinishedAnswer
from eztong.http.committing import commit
from eztong.ports.act import PARTNER
from eztong.ports.services import Services
from eztong.tencentcloud.actions.action import Action, Actions
from eztong.tencentcloud.actions.eid_answers import render_result
from eztong.tencentcloud.actions.eid_parameters import EidParameterInvalid, EidPersonInvalid, read_settings
from eztong.tencentcloud.actions.eid_schemas import CHECK_EID_TOKEN_STATUS, GET_EID_RESULT, GET_EID_TOKEN
from eztong.tencentcloud.transport.call import Call
from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.input_encryption import open_params, unreadable_input
from eztong.usecases.eid.open_eid_flow import OpenEidFlow, open_eid_flow
from eztong.usecases.eid.read_eid_flow import read_eid_result, read_eid_status

_ENCRYPTABLE: Final = frozenset({"IdCard", "Name"})
INFO_TYPES: Final = frozenset("0123456")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowMerchant:
    """What the flow needs to know of the merchant: whose it is, its scene, and its certified key."""

    merchant_id: str
    partner_id: PartnerId
    scene: str
    recipient: Recipient | None = None


async def get_eid_token(params: Mapping[str, Any], *, merchant: FlowMerchant, services: Services) -> dict[str, Any]:
    """Open a flow and return its token and address.

    Raises:
        EidParameterInvalid, PartnerSuspended, SceneNotAllowed, RedirectNotAllowed: nothing was opened.
    """
    settings = read_settings(params, recipient=merchant.recipient, allow_local_redirect=services.deployment.is_sandbox)
    command = OpenEidFlow(
        partner_id=merchant.partner_id, merchant_id=merchant.merchant_id, scene=merchant.scene, settings=settings
    )
    opened = (await commit(services.store, services.job(PARTNER, open_eid_flow, command))).value
    return {"EidToken": opened.flow.eid_token, "Url": f"{services.deployment.public_url}/r/{opened.link_token}"}


async def _get_eid_token(call: Call) -> dict[str, Any]:
    params = await open_params(call, encryptable=_ENCRYPTABLE)
    with call.services.store.read() as stored:
        merchant = stored.merchants.get(call.params["MerchantId"])
    if merchant is None or merchant.partner_id != call.account.partner.partner_id:
        raise TencentError("InvalidParameterValue.RuleIdNotExist", "MerchantId不存在。", "There is no such MerchantId.")
    if merchant.state is not MerchantState.ACTIVE:
        raise TencentError("InvalidParameterValue.RuleIdDisabled", "MerchantId已停用。", "The MerchantId is disabled.")
    key = merchant.certified_key
    of_flow = FlowMerchant(
        merchant_id=merchant.merchant_id,
        partner_id=merchant.partner_id,
        scene=merchant.scene,
        recipient=None if key is None else Recipient(key, merchant.options.point_prefix),
    )
    try:
        return await get_eid_token(params, merchant=of_flow, services=call.services)
    except EidPersonInvalid as error:
        # Of what was encrypted nobody learns in which way it is wrong.
        raise unreadable_input() if "Encryption" in call.params else _wrong_value(error) from None
    except EidParameterInvalid as error:
        raise _wrong_value(error) from error


def _check_eid_token_status(call: Call) -> dict[str, Any]:
    partner_id = call.account.partner.partner_id
    return check_eid_token_status(call.params, partner_id=partner_id, services=call.services)


def _get_eid_result(call: Call) -> dict[str, Any]:
    try:
        return get_eid_result(call.params, partner_id=call.account.partner.partner_id, services=call.services)
    except EidParameterInvalid as error:
        raise _wrong_value(error) from error


def _wrong_value(error: EidParameterInvalid) -> TencentError:
    """Name the parameter; the texts hold its name and limit, never its value."""
    return TencentError("InvalidParameterValue", f"参数取值错误：{error.chinese}", error.detail)


def check_eid_token_status(params: Mapping[str, Any], *, partner_id: PartnerId, services: Services) -> dict[str, Any]:
    """Return where the flow stands.

    Raises:
        EidTokenUnknown, EidTokenExpired, EidParameterInvalid: as they say.
    """
    with services.store.read() as stored:
        state = read_eid_status(_eid_token(params), partner_id=partner_id, stored=stored, now=services.clock.now())
    return {"Status": state.value}


def get_eid_result(params: Mapping[str, Any], *, partner_id: PartnerId, services: Services) -> dict[str, Any]:
    """Return the flow's result, again and again for three days.

    Raises:
        EidTokenUnknown, EidTokenExpired, EidParameterInvalid: as they say.
    """
    info_type = params.get("InfoType") or "0"
    if not isinstance(info_type, str) or not set(info_type) <= INFO_TYPES:
        raise EidParameterInvalid("InfoType is made of the digits 0 to 6.", "InfoType只能由数字0至6组成。")
    with services.store.read() as stored:
        result = read_eid_result(
            _eid_token(params), partner_id=partner_id, stored=stored, keys=services.keys, now=services.clock.now()
        )
        merchant = stored.merchants.get(result.flow.merchant_id)
    empty = merchant is not None and merchant.options.unfinished is UnfinishedAnswer.EMPTY
    return render_result(result, info_type=info_type, empty_while_open=empty)


def _eid_token(params: Mapping[str, Any]) -> str:
    token = params.get("EidToken")
    if not isinstance(token, str):
        raise EidParameterInvalid("EidToken must be a string.", "EidToken必须是字符串。")
    if not EID_TOKEN.fullmatch(token):
        raise EidTokenUnknown
    return token


EID_ACTIONS: Final[Actions] = {
    "GetEidToken": Action(handler=_get_eid_token, schema=GET_EID_TOKEN, per_second=100),
    "CheckEidTokenStatus": Action(handler=_check_eid_token_status, schema=CHECK_EID_TOKEN_STATUS, per_second=2000),
    "GetEidResult": Action(handler=_get_eid_result, schema=GET_EID_RESULT, per_second=100),
}
