"""The parameters of the E证通 actions, from the contract's spelling to what the use cases take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from eztong.domain.addresses.web_address import WebAddressInvalid, ascii_address
from eztong.domain.eid.eid_flow import ExpectedPerson, FlowSettings, Recipient
from eztong.domain.eid.intention import Intention, IntentionMode, IntentionQuestion
from eztong.domain.errors import InputInvalid

MAX_REDIRECT: Final = 1024
MAX_EXTRA: Final = 1024
MAX_PERSON: Final = 32
MAX_READ: Final = 120
MAX_STEP: Final = 250
MAX_STEPS: Final = 10
MAX_ANSWERS: Final = 50
MAX_ANSWER: Final = 10
_INPUT_TYPES: Final = frozenset("1234")
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0", ""})


class EidParameterInvalid(InputInvalid):
    """A parameter of an E证通 action is out of its limits; both texts name it and never repeat its value."""

    code = "eid_parameter_invalid"
    advice = "Correct the parameter that is named."

    def __init__(self, detail: str, chinese: str) -> None:
        """Keep what is wrong in the door's two languages; Chinese is its default."""
        super().__init__(detail)
        self.chinese = chinese


class EidPersonInvalid(EidParameterInvalid):
    """The expected person's name or number is out of its limits."""


def read_settings(
    params: Mapping[str, Any], *, recipient: Recipient | None, allow_local_redirect: bool
) -> FlowSettings:
    """Return what ``GetEidToken`` sets.

    Args:
        params: The decoded parameters; a dotted request's numbers and truth values may still be texts.
        recipient: The merchant's certified key, if it has one.
        allow_local_redirect: Whether plain http to this machine is a way back (sandbox).

    Raises:
        EidParameterInvalid: naming the parameter.
    """
    config = params.get("Config") or {}
    if not isinstance(config, Mapping):
        raise EidParameterInvalid("Config must be an object.", "Config必须是对象。")
    input_type = _text(config, "InputType", "Config.InputType", limit=1) or "1"
    if input_type not in _INPUT_TYPES:
        raise EidParameterInvalid("Config.InputType must be 1, 2, 3 or 4.", "Config.InputType只能是1、2、3或4。")
    return FlowSettings(
        input_type=input_type,
        redirect_url=_redirect(params, allow_local=allow_local_redirect),
        extra=_text(params, "Extra", "Extra", limit=MAX_EXTRA),
        expected=_expected(params, input_type=input_type),
        intention=_intention(config),
        recipient=recipient,
    )


def _expected(params: Mapping[str, Any], *, input_type: str) -> ExpectedPerson | None:
    try:
        return _read_expected(params, input_type=input_type)
    except EidParameterInvalid as error:
        raise EidPersonInvalid(error.detail, error.chinese) from error


def _read_expected(params: Mapping[str, Any], *, input_type: str) -> ExpectedPerson | None:
    number = _text(params, "IdCard", "IdCard", limit=MAX_PERSON)
    name = _text(params, "Name", "Name", limit=MAX_PERSON)
    if number and not (number.isascii() and number.isalnum()):
        raise EidParameterInvalid("IdCard may hold letters and digits only.", "IdCard只能包含字母和数字。")
    if input_type == "4" and not (name and number):
        raise EidParameterInvalid(
            "With Config.InputType 4, Name and IdCard are required.", "Config.InputType为4时，Name和IdCard必填。"
        )
    return ExpectedPerson(name or None, number or None) if name or number else None


def _redirect(params: Mapping[str, Any], *, allow_local: bool) -> str | None:
    text = _text(params, "RedirectUrl", "RedirectUrl", limit=MAX_REDIRECT)
    if not text:
        return None
    try:
        url = ascii_address(text)
    except WebAddressInvalid as error:
        raise EidParameterInvalid(
            "RedirectUrl is not an address, or is too long.", "RedirectUrl不是有效的地址，或者太长。"
        ) from error
    parts = urlsplit(url)
    local = allow_local and parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    if parts.scheme != "https" and not local:
        raise EidParameterInvalid("RedirectUrl must begin with https://.", "RedirectUrl必须以https://开头。")
    return url


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _intention(config: Mapping[str, Any]) -> Intention | None:
    if not _truth(config, "UseIntentionVerify"):
        return None
    mode = _text(config, "IntentionMode", "Config.IntentionMode", limit=1) or IntentionMode.READ_ALOUD
    if mode == IntentionMode.READ_ALOUD:
        text = _text(config, "IntentionVerifyText", "Config.IntentionVerifyText", limit=MAX_READ)
        if not text.strip():
            raise EidParameterInvalid(
                "Config.IntentionVerifyText is required to read aloud.", "朗读模式下Config.IntentionVerifyText必填。"
            )
        return Intention(mode=IntentionMode.READ_ALOUD, text=text)
    if mode == IntentionMode.QUESTIONS:
        return Intention(mode=IntentionMode.QUESTIONS, questions=_questions(config))
    if mode == IntentionMode.NOD:
        items = _list(config, "IntentionActions")
        actions = tuple(_required(item, "Text", "Config.IntentionActions", limit=MAX_STEP) for item in items)
        return Intention(mode=IntentionMode.NOD, actions=actions)
    raise EidParameterInvalid("Config.IntentionMode must be 1, 2 or 3.", "Config.IntentionMode只能是1、2或3。")


def _questions(config: Mapping[str, Any]) -> tuple[IntentionQuestion, ...]:
    questions = []
    for item in _list(config, "IntentionQuestions"):
        answers = item.get("Answers")
        if not isinstance(answers, Sequence) or isinstance(answers, str) or not 1 <= len(answers) <= MAX_ANSWERS:
            raise EidParameterInvalid(
                "Config.IntentionQuestions needs 1 to 50 Answers each.",
                "Config.IntentionQuestions的每一项须有1至50个Answers。",
            )
        if not all(isinstance(answer, str) and 1 <= len(answer) <= MAX_ANSWER for answer in answers):
            raise EidParameterInvalid(
                "Config.IntentionQuestions has Answers of 1 to 10 characters.",
                "Config.IntentionQuestions的Answers每个须为1至10个字符。",
            )
        question = _required(item, "Question", "Config.IntentionQuestions", limit=MAX_STEP)
        questions.append(IntentionQuestion(question, tuple(answers)))
    return tuple(questions)


def _list(config: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    items = config.get(name)
    if not isinstance(items, Sequence) or isinstance(items, str) or not 1 <= len(items) <= MAX_STEPS:
        raise EidParameterInvalid(f"Config.{name} needs 1 to 10 elements.", f"Config.{name}须有1至10项。")
    if not all(isinstance(item, Mapping) for item in items):
        raise EidParameterInvalid(f"Config.{name} is a list of objects.", f"Config.{name}须为对象的列表。")
    return items


def _required(item: Mapping[str, Any], name: str, where: str, *, limit: int) -> str:
    text = _text(item, name, f"{where}.{name}", limit=limit)
    if not text.strip():
        raise EidParameterInvalid(f"{where}.{name} is required.", f"{where}.{name}必填。")
    return text


def _text(params: Mapping[str, Any], name: str, where: str, *, limit: int) -> str:
    value = params.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise EidParameterInvalid(f"{where} must be a string.", f"{where}必须是字符串。")
    if len(value) > limit:
        raise EidParameterInvalid(f"{where} is longer than {limit} characters.", f"{where}超过了{limit}个字符。")
    return value


def _truth(config: Mapping[str, Any], name: str) -> bool:
    value = config.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    # Signed GET requests carry True, true or 1, depending on the SDK.
    if isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE
    raise EidParameterInvalid(f"Config.{name} must be true or false.", f"Config.{name}只能是true或false。")
