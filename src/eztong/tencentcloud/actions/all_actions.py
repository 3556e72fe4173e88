"""Every action of ``faceid`` 2018-03-01: those that this service answers, and those that it only knows by name."""

from __future__ import annotations

from typing import Final

from eztong.tencentcloud.actions.action import Actions
from eztong.tencentcloud.actions.billing import BILLING_ACTIONS
from eztong.tencentcloud.actions.companions import COMPANION_ACTIONS
from eztong.tencentcloud.actions.eid_actions import EID_ACTIONS

VERSION: Final = "2018-03-01"
ANSWERED: Final[Actions] = {**EID_ACTIONS, **COMPANION_ACTIONS, **BILLING_ACTIONS}
# fmt: off
KNOWN: Final = frozenset(
    {
        "BankCard2EVerification", "BankCard4EVerification", "BankCardVerification", "CheckBankCardInformation",
        "CheckEidTokenStatus", "CheckIdCardInformation", "CheckIdNameDate", "CheckPhoneAndName", "DetectAIFakeFaces",
        "DetectAuth", "EncryptedPhoneVerification", "GetActionSequence", "GetDetectInfo", "GetDetectInfoEnhanced",
        "GetEidResult", "GetEidToken", "GetFaceIdResult", "GetFaceIdRiskInfo", "GetFaceIdToken",
        "GetFaceidRiskInfoToken", "GetLiveCode", "GetNFCToken", "GetWeChatBillDetails", "GetWxNFCResult",
        "IdCardOCRVerification", "IdCardVerification", "ImageRecognitionV2", "LivenessCompare", "LivenessRecognition",
        "MinorsVerification", "MobileNetworkTimeVerification", "MobileStatus", "ParseNfcData", "PhoneVerification",
        "PhoneVerificationCMCC", "PhoneVerificationCTCC", "PhoneVerificationCUCC",
    }
)
# fmt: on
