"""Flows through the table of actions: only an account's own merchants, with their options."""

from __future__ import annotations

import asyncio
import inspect
import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import AccountKey, Merchant, MerchantOptions, MerchantState, UnfinishedAnswer
from eztong.gm.sm2 import PrivateKey
from eztong.tencentcloud.actions.eid_actions import EID_ACTIONS
from eztong.tencentcloud.transport.call import Account, Call
from eztong.tencentcloud.transport.errors import TencentError, translated
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow
from tests.flows.eid.stage import PARTNER, SCENE, Signing

_numbers = itertools.count(1)


def merchant(signing: Signing, **fields: Any) -> Merchant:  # noqa: ANN401 - the fields of Merchant
    """Store a new merchant of the e-contract platform."""
    plain = Merchant(
        merchant_id=f"0NSJ{next(_numbers):018d}",
        partner_id=PARTNER,
        scene=SCENE,
        name="签约",
        state=MerchantState.ACTIVE,
        options=MerchantOptions(),
        created_at=signing.services.clock.now(),
    )
    made = replace(plain, **fields)
    signing.services.store.write(lambda uow: uow.merchants.add(made))
    return made


def call(signing: Signing, action: str, partner: str = PARTNER, **params: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Call an action as a partner that signed."""
    with signing.services.store.read() as stored:
        found = stored.partners.get(PartnerId(partner))
    assert found is not None
    now = signing.services.clock.now()
    key = AccountKey(secret_id="AKID", partner_id=found.partner_id, label="", sealed_secret=b"", created_at=now)
    signed = Call(
        action=action,
        params=params,
        account=Account(partner=found, key=key),
        language="zh-CN",
        request_id="r",
        now=now,
        services=signing.services,
    )
    answer = EID_ACTIONS[action].handler(signed)

    async def waited() -> Mapping[str, Any]:
        return await answer if inspect.isawaitable(answer) else answer

    return asyncio.run(waited())


def refused(signing: Signing, action: str, partner: str = PARTNER, **params: Any) -> str:  # noqa: ANN401
    """Call an action that is refused; return the code."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - translated as the transport does
        call(signing, action, partner, **params)
    return translated(caught.value).code


def test_a_merchant_opens_polls_and_reads(signing: Signing) -> None:
    key = PrivateKey.from_scalar(99).public_key().to_spki()
    made = merchant(signing, certified_key=key, options=MerchantOptions(point_prefix=PointPrefix.NONE))
    token = call(signing, "GetEidToken", MerchantId=made.merchant_id)["EidToken"]
    assert call(signing, "CheckEidTokenStatus", EidToken=token) == {"Status": "init"}
    with signing.services.store.read() as stored:
        flow = stored.eid_flows.find(token)
        assert flow is not None
        request = stored.requests.find(flow.request_id)
        assert request is not None
    signing.answer(OpenedEidFlow(flow, request, ""), signing.person("P01"), release=True)
    assert call(signing, "CheckEidTokenStatus", EidToken=token) == {"Status": "finished"}
    answer = call(signing, "GetEidResult", EidToken=token, InfoType="1")
    assert answer["Text"]["ErrCode"] == 0
    assert answer["EidInfo"]["UserInfo"]


def test_another_accounts_merchant_is_as_unknown_as_none(signing: Signing) -> None:
    made = merchant(signing)
    code = "InvalidParameterValue.RuleIdNotExist"
    assert refused(signing, "GetEidToken", "hotel", MerchantId=made.merchant_id) == code
    assert refused(signing, "GetEidToken", MerchantId="0NSJ-nobody") == code


def test_a_suspended_merchant_opens_nothing_but_can_be_read(signing: Signing) -> None:
    made = merchant(signing)
    token = call(signing, "GetEidToken", MerchantId=made.merchant_id)["EidToken"]
    suspended = replace(made, state=MerchantState.SUSPENDED)
    signing.services.store.write(lambda uow: uow.merchants.update(suspended))
    assert refused(signing, "GetEidToken", MerchantId=made.merchant_id) == "InvalidParameterValue.RuleIdDisabled"
    assert call(signing, "CheckEidTokenStatus", EidToken=token) == {"Status": "init"}


def test_a_merchant_chooses_what_an_open_flow_answers(signing: Signing) -> None:
    for unfinished, code in ((UnfinishedAnswer.CODE, 17), (UnfinishedAnswer.EMPTY, None)):
        made = merchant(signing, options=MerchantOptions(unfinished=unfinished))
        token = call(signing, "GetEidToken", MerchantId=made.merchant_id)["EidToken"]
        answer = call(signing, "GetEidResult", EidToken=token)
        assert answer["Text"]["ErrCode"] == code
        assert "LivenessDetail" in answer["Text"]
        assert answer["EidInfo"] is None


def test_parameters_that_are_still_encrypted_are_no_names(signing: Signing) -> None:
    made = merchant(signing)
    encryption = {"EncryptList": ["IdCard"], "CiphertextBlob": "AA==", "Iv": "AA=="}
    code = refused(signing, "GetEidToken", MerchantId=made.merchant_id, IdCard="AA", Encryption=encryption)
    assert code == "FailedOperation.DecryptSystemError"


def test_a_wrong_value_is_named_and_not_repeated(signing: Signing) -> None:
    made = merchant(signing)
    with pytest.raises(TencentError) as caught:
        call(signing, "GetEidToken", MerchantId=made.merchant_id, IdCard="secret;")
    assert caught.value.code == "InvalidParameterValue"
    assert "IdCard" in caught.value.message_en
    assert "secret" not in caught.value.message_zh + caught.value.message_en


def test_tokens_of_nobody_and_of_others_are_illegal_and_old_ones_expired(signing: Signing) -> None:
    made = merchant(signing)
    token = call(signing, "GetEidToken", MerchantId=made.merchant_id)["EidToken"]
    for action in ("CheckEidTokenStatus", "GetEidResult"):
        assert refused(signing, action, "hotel", EidToken=token) == "InvalidParameterValue.BizTokenIllegal"
        assert refused(signing, action, EidToken="x") == "InvalidParameterValue.BizTokenIllegal"
    signing.pass_time(3 * 86_400)
    for action in ("CheckEidTokenStatus", "GetEidResult"):
        assert refused(signing, action, EidToken=token) == "InvalidParameterValue.BizTokenExpired"
