"""The words of messages about talks with the service: the number and the next step, and not a word of the matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.notices import Topic

_ZH: Final = "zh-CN"
_EN: Final = "en"

TALK_SENTENCES: Final[Mapping[Topic, Mapping[str, str]]] = {
    Topic.TALK_OPENED: {
        _ZH: "您与我们的争议协商已开始，编号 {number}。我们会在 15 个工作日内提出方案。"
        "如非本人操作，请马上挂失，并联系我们，报这个编号。",
        _EN: "Your talks with us about a disagreement have begun: number {number}. We propose a settlement within 15 "
        "working days. If that was not you, freeze your account at once, and contact us with the number.",
    },
    Topic.TALK_PROPOSED: {
        _ZH: "编号 {number} 的争议协商有了我们的方案，请在 15 个工作日内登录查看并答复；逾期不答复，协商视为不成。",
        _EN: "We made a proposal in the talks {number}. Sign in to read and answer it within 15 working days; "
        "without an answer the talks count as failed then.",
    },
    Topic.TALK_SETTLED: {
        _ZH: "编号 {number} 的争议协商已达成一致，您接受了我们的方案。如非本人操作，请马上挂失并联系我们。",
        _EN: "The talks {number} are settled: our proposal was accepted. "
        "If that was not you, freeze your account at once and contact us.",
    },
    Topic.TALK_FAILED: {
        _ZH: "编号 {number} 的争议协商没有达成一致。您可以下载证据文件，向有管辖权的人民法院起诉，也可以再次协商。",
        _EN: "The talks {number} have failed. You can download the evidence and go to court, or open new talks.",
    },
}
"""By topic; ``number`` is the ticket's."""
