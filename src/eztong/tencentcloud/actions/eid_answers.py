"""The answer of ``GetEidResult``, field by field. Nothing is filled that was not measured or entered.

Objects that a flow does not use are objects full of ``""`` and null, because clients of typed languages read them so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from eztong.domain.eid.eid_flow import CHARGED, MESSAGES, EidCode, FlowTry, comparison_of
from eztong.domain.eid.intention import Intention, IntentionMode
from eztong.domain.eid.live_person import MODE_UNKNOWN
from eztong.domain.identity.citizen_number import DocumentType
from eztong.usecases.eid.read_eid_flow import EidResult

_RESIDENT_ID: Final = 0
_RESIDENCE_PERMIT: Final = 1
_OTHER_DOCUMENT: Final = 2
_PERMITS: Final = frozenset({DocumentType.HK_MACAU_RESIDENCE, DocumentType.TAIWAN_RESIDENCE})
_SUCCESS: Final = MESSAGES[EidCode.PASSED]
# The numbering of the answer is not that of the request.
_TYPE_OF_MODE: Final = {IntentionMode.QUESTIONS: "0", IntentionMode.NOD: "1", IntentionMode.READ_ALOUD: "2"}
_SOURCE_OF_INPUT: Final = "其他"
_UNFINISHED_READING: Final = -12
_WITHOUT_ANSWER: Final = frozenset({EidCode.NOT_FINISHED, EidCode.TIMED_OUT})
_ALL: Final = "0"


def render_result(result: EidResult, *, info_type: str = _ALL, empty_while_open: bool = False) -> dict[str, Any]:
    """Return all parts that ``info_type`` asks for; parts that it does not ask for are null.

    ``empty_while_open`` is the merchant's choice that ``Text`` is full of nulls until the flow is finished.
    """
    wanted = set(info_type or _ALL)
    everything = _ALL in wanted
    silent = empty_while_open and not result.is_finished
    intention = result.settings.intention

    def part(kind: str, render: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any] | None:
        return render() if everything or kind in wanted else None

    return {
        "Text": part("1", lambda: dict.fromkeys(_text(result)) if silent else _text(result)),
        "IdCardData": part("2", _card),
        "BestFrame": part("3", lambda: {"BestFrame": "", "BestFrames": None}),
        "EidInfo": _eid_info(result),
        "IntentionVerifyData": part("5", lambda: _reading(result)),
        "IntentionQuestionResult": part("6", lambda: _questions(result)),
        "IntentionActionResult": part("6", lambda: _actions(result)),
        "IsVerifyIntention": intention is not None,
        "IntentionVerifyType": "" if intention is None else _TYPE_OF_MODE[intention.mode],
    }


def _eid_info(result: EidResult) -> dict[str, str] | None:
    ending = result.flow.ending
    if not result.is_finished or ending is None or not result.partner_code:
        return None
    return {
        "EidCode": result.partner_code,
        "EidSign": ending.eid_sign,
        "DesKey": ending.des_key,
        "UserInfo": ending.user_info,
    }


def _text(result: EidResult) -> dict[str, Any]:
    tries = [_detail(one) for one in result.flow.tries]
    last = result.flow.tries[-1] if result.flow.tries else None
    # The last try speaks for the steps; without any, neither step was done, and both carry the flow's own code.
    liveness = result.code if last is None or result.code is EidCode.NOT_FINISHED else last.liveness
    comparison = comparison_of(result.code)
    return {
        "ErrCode": int(result.code),
        "ErrMsg": MESSAGES[result.code],
        "IdCard": "",
        "UseIDType": _document_type(result),
        "Name": "",
        "OcrNation": "",
        "OcrAddress": "",
        "OcrBirth": "",
        "OcrAuthority": "",
        "OcrValidDate": "",
        "OcrName": "",
        "OcrIdCard": "",
        "OcrGender": "",
        "IdInfoFrom": _SOURCE_OF_INPUT,
        "LiveStatus": int(liveness),
        "LiveMsg": MESSAGES[liveness],
        "Comparestatus": int(comparison),
        "Comparemsg": MESSAGES[comparison],
        "Sim": "",
        "Location": "",
        "Extra": result.settings.extra,
        "LivenessDetail": tries,
        "LivenessInfoTag": None,
        "Mobile": "",
        "CompareLibType": "",
        "LivenessMode": MODE_UNKNOWN,
        "NFCRequestIds": None,
        "NFCBillingCounts": 0,
        "PassNo": "",
        "VisaNum": "",
    }


def _document_type(result: EidResult) -> int:
    """Return the kind of document where the identity itself was released; otherwise it is nobody's business: 0."""
    match result.document_type:
        case None | DocumentType.RESIDENT_ID:
            return _RESIDENT_ID
        case kind if kind in _PERMITS:
            return _RESIDENCE_PERMIT
        case _:
            return _OTHER_DOCUMENT


def _detail(one: FlowTry) -> dict[str, Any]:
    return {
        "ReqTime": _milliseconds(one.at),
        "Seq": one.sequence,
        "Idcard": "",
        "Name": "",
        "Sim": "",
        "IsNeedCharge": one.code in CHARGED,
        "Errcode": int(one.code),
        "Errmsg": MESSAGES[one.code],
        "Livestatus": int(one.liveness),
        "Livemsg": MESSAGES[one.liveness],
        "Comparestatus": int(one.comparison),
        "Comparemsg": MESSAGES[one.comparison],
        "CompareLibType": "",
        "LivenessMode": MODE_UNKNOWN,
    }


def _card() -> dict[str, Any]:
    images = ("OcrFront", "OcrBack", "ProcessedFrontImage", "ProcessedBackImage", "Avatar")
    return dict.fromkeys(images, "") | {"WarnInfos": None, "BackWarnInfos": None}


def _confirmed(result: EidResult, mode: IntentionMode) -> Intention | None:
    """Return the intention if it is of ``mode``, the holder confirmed it, and no other step of the flow failed.

    Who reads only the intention must not take a flow whose face or identity failed for a pass.
    """
    intention, ending = result.settings.intention, result.flow.ending
    confirmed = intention is not None and intention.mode is mode and ending is not None and ending.confirmed
    confirmed = confirmed and result.code is EidCode.PASSED
    return intention if confirmed else None


def _is_asked(result: EidResult, mode: IntentionMode) -> bool:
    return result.settings.intention is not None and result.settings.intention.mode is mode


def _reading(result: EidResult) -> dict[str, Any]:
    intention = _confirmed(result, IntentionMode.READ_ALOUD)
    is_open = result.code in _WITHOUT_ANSWER and _is_asked(result, IntentionMode.READ_ALOUD)
    code: int | None = 0 if intention else _UNFINISHED_READING if is_open else None
    return {
        "IntentionVerifyVideo": "",
        "AsrResult": "" if intention is None else result.confirmations[0],
        "ErrorCode": code,
        "ErrorMessage": _SUCCESS if intention else "",
        "IntentionVerifyBestFrame": "",
        "AsrResultSimilarity": "",
        "IntentionVerifyAudio": "",
    }


def _questions(result: EidResult) -> dict[str, Any]:
    intention = _confirmed(result, IntentionMode.QUESTIONS)
    answers = None if intention is None else list(result.confirmations)
    return {
        "FinalResultDetailCode": None if intention is None else 0,
        "FinalResultMessage": "" if intention is None else _SUCCESS,
        "Video": "",
        "ScreenShot": None,
        "ResultCode": None if answers is None else ["0"] * len(answers),
        "AsrResult": answers,
        "Audios": None,
        "FinalResultCode": "" if intention is None else "0",
    }


def _actions(result: EidResult) -> dict[str, Any]:
    intention = _confirmed(result, IntentionMode.NOD)
    return {
        "FinalResultDetailCode": None if intention is None else 0,
        "FinalResultMessage": "" if intention is None else _SUCCESS,
        "Details": None if intention is None else [{"Video": "", "ScreenShot": None} for _ in intention.actions],
    }


def _milliseconds(moment: datetime) -> str:
    return str(round(moment.timestamp() * 1000))
