"""What the E证通 actions take."""

from __future__ import annotations

from typing import Final

from eztong.tencentcloud.actions.eid_parameters import (
    MAX_ANSWER,
    MAX_ANSWERS,
    MAX_EXTRA,
    MAX_READ,
    MAX_REDIRECT,
    MAX_STEP,
    MAX_STEPS,
)
from eztong.tencentcloud.transport.schema import Field, Kind, Schema

_MAX_MERCHANT_ID: Final = 50
_QUESTION: Final = {
    "Question": Field(required=True, most=MAX_STEP),
    "Answers": Field(kind=Kind.LIST, required=True, most=MAX_ANSWERS, items=Field(most=MAX_ANSWER)),
}
_CONFIG: Final = {
    "InputType": Field(choices=("", "1", "2", "3", "4")),
    "UseIntentionVerify": Field(kind=Kind.BOOLEAN),
    "IntentionMode": Field(choices=("", "1", "2", "3")),
    "IntentionVerifyText": Field(most=MAX_READ),
    "IntentionQuestions": Field(kind=Kind.LIST, most=MAX_STEPS, items=Field(kind=Kind.OBJECT, fields=_QUESTION)),
    "IntentionActions": Field(
        kind=Kind.LIST,
        most=MAX_STEPS,
        items=Field(kind=Kind.OBJECT, fields={"Text": Field(required=True, most=MAX_STEP)}),
    ),
    "IntentionRecognition": Field(kind=Kind.BOOLEAN),
    "IsSupportHMTResidentPermitOCR": Field(kind=Kind.BOOLEAN),
    "MouthOpenRecognition": Field(kind=Kind.BOOLEAN),
    "Speed": Field(kind=Kind.UNSIGNED, most=3),
}
_ENCRYPTION: Final = {
    "EncryptList": Field(kind=Kind.LIST, required=True, items=Field()),
    "CiphertextBlob": Field(required=True),
    "Iv": Field(required=True),
    "Algorithm": Field(),
    "TagList": Field(kind=Kind.LIST, items=Field()),
}

GET_EID_TOKEN: Final[Schema] = {
    "MerchantId": Field(required=True, most=_MAX_MERCHANT_ID),
    # An encrypted name or number is longer than the 32 characters that are checked once it is open.
    "IdCard": Field(),
    "Name": Field(),
    "Extra": Field(most=MAX_EXTRA),
    "Config": Field(kind=Kind.OBJECT, fields=_CONFIG),
    "RedirectUrl": Field(most=MAX_REDIRECT),
    "Encryption": Field(kind=Kind.OBJECT, fields=_ENCRYPTION),
}
CHECK_EID_TOKEN_STATUS: Final[Schema] = {"EidToken": Field(required=True)}
GET_EID_RESULT: Final[Schema] = {
    "EidToken": Field(required=True),
    "InfoType": Field(),
    "BestFramesCount": Field(kind=Kind.UNSIGNED),
    "IsCutIdCardImage": Field(kind=Kind.BOOLEAN),
    "IsNeedIdCardAvatar": Field(kind=Kind.BOOLEAN),
}
