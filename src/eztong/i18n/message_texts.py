"""The program's texts of messages by their names, and which of them a message has.

A text is named by its topic, and where a topic has several, by what chooses it: ``account_frozen.by_us``,
``came_of_age.ward.adult``. Versions of a text are stored under its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.guardianship.guardianship import CareEnd
from eztong.domain.holder import FreezeCause
from eztong.domain.message_texts.wording import Wording
from eztong.domain.notices import Topic
from eztong.i18n.account_notices import ACCOUNT_SENTENCES, STOPPED_BY_GUARDIAN, STOPPED_BY_US, UNTIL_MIDNIGHT
from eztong.i18n.agreement_notices import AGREEMENT_SENTENCES
from eztong.i18n.assistance_notices import HELP_SENTENCES
from eztong.i18n.case_notices import CASE_SENTENCES
from eztong.i18n.family_notices import FAMILY, FAMILY_WORDS
from eztong.i18n.talk_notices import TALK_SENTENCES
from eztong.i18n.ticket_notices import AT_STAKE_SENTENCES, COMING_SENTENCES, TICKET_SENTENCES

_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    **ACCOUNT_SENTENCES,
    **HELP_SENTENCES,
    **TALK_SENTENCES,
    **CASE_SENTENCES,
    **TICKET_SENTENCES,
    **AGREEMENT_SENTENCES,
}
_MIDNIGHT: Final = "until_midnight"
_BY_US: Final = "by_us"
_BY_GUARDIAN: Final = "by_guardian"
_CHOICES: Final[Mapping[Topic, Mapping[str, Mapping[str, str]]]] = {
    Topic.OTP: {_MIDNIGHT: UNTIL_MIDNIGHT},
    Topic.ACCOUNT_FROZEN: {_BY_US: STOPPED_BY_US, _BY_GUARDIAN: STOPPED_BY_GUARDIAN},
    Topic.PHONE_COMING: COMING_SENTENCES,
    Topic.TICKET_AT_STAKE: AT_STAKE_SENTENCES,
}
"""Topics with a text for most messages, and others for some."""


def _all() -> dict[str, Wording]:
    found: dict[str, Mapping[str, str]] = {}
    for topic in Topic:
        if topic in _SENTENCES:
            found[topic.value] = _SENTENCES[topic]
        found |= {f"{topic}.{choice}": said for choice, said in _CHOICES.get(topic, {}).items()}
        found |= {_of_family(topic, choice): said for choice, said in FAMILY_WORDS.get(topic, {}).items()}
    return {text_id: Wording(zh=said["zh-CN"], en=said["en"]) for text_id, said in found.items()}


def _of_family(topic: Topic, choice: str) -> str:
    role, _, case = choice.partition("/")
    if topic is Topic.GUARDIAN_ENDED and choice != f"ward/{CareEnd.AGE}":
        # Whatever else ended it is told in the same words.
        return f"{topic}.{role}"
    return ".".join(filter(None, (topic.value, role, case.replace("/", "."))))


OWN_TEXTS: Final[Mapping[str, Wording]] = _all()
"""Every text by its name, in the order of the topics."""


def topic_of(text_id: str) -> Topic:
    """Return the topic of a text."""
    return Topic(text_id.partition(".")[0])


def text_of(topic: Topic, params: Mapping[str, str]) -> str:
    """Return the name of the text that a message of this topic has with these params.

    Raises:
        InputInvalid: a param that chooses has no text; the detail names the param, never its value.
    """
    if topic in FAMILY:
        return _chosen_of_family(topic, params)
    choice = _choice(topic, params)
    text_id = f"{topic}.{choice}"
    return text_id if choice and text_id in OWN_TEXTS else topic.value


def _choice(topic: Topic, params: Mapping[str, str]) -> str:
    match topic:
        case Topic.OTP:
            return "" if "minutes" in params else _MIDNIGHT
        case Topic.ACCOUNT_FROZEN:
            cause = params.get("cause", FreezeCause.SELF.value)
            return {FreezeCause.SELF.value: "", FreezeCause.GUARDIAN.value: _BY_GUARDIAN}.get(cause, _BY_US)
        case Topic.PHONE_COMING:
            return params.get("case", "")
        case Topic.TICKET_AT_STAKE:
            return params.get("kind", "")
        case _:
            return ""


def _chosen_of_family(topic: Topic, params: Mapping[str, str]) -> str:
    name, words = FAMILY[topic], FAMILY_WORDS[topic]
    value = f"{params.get('role', '')}/{params.get(name, '')}"
    in_case = f"{value}/{params.get('case', '')}"
    chosen = in_case if in_case in words else value
    if chosen not in words:
        raise InputInvalid(f"There are no words for this {name}.")
    return _of_family(topic, chosen)
