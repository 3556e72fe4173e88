"""The cast of the sandbox: every persona, in the order of its key. Only data."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from eztong.adapters.authority.persona_model import (
    Expected,
    ExpectedKind,
    NameOnFile,
    Persona,
    Renewal,
    Script,
    Story,
)
from eztong.domain.identity.authority_answer import AuthoritySignal
from eztong.domain.registration import Reason

_ACTIVE: Final = Expected(ExpectedKind.ACTIVE)
_NEW_CARD: Final = Renewal(since=date(2026, 3, 1), valid_until=date(2046, 2, 28))
_QUEUED: Final = Expected(ExpectedKind.QUEUED)


def _refused(reason: Reason) -> Expected:
    return Expected(ExpectedKind.REFUSED, reason)


def _supplement(reason: Reason) -> Expected:
    return Expected(ExpectedKind.SUPPLEMENT, reason)


def _under_review(reason: Reason) -> Expected:
    return Expected(ExpectedKind.UNDER_REVIEW, reason)


def _input_error(code: str) -> Expected:
    return Expected(ExpectedKind.INPUT_ERROR, code)


def _persona(key: str, name: str, number: str, story: tuple[str, str], **more: Any) -> Persona:  # noqa: ANN401 - the fields of Persona; a test reads each
    """Make a persona whose phone follows from its key, and who is who he says he is unless ``more`` tells."""
    prefix, ordinal = key[0], int(key[1:])
    defaults: dict[str, Any] = {
        "names_on_file": (NameOnFile(name),),
        "number_as_typed": number,
        "phone": f"199{ordinal + (100 if prefix == 'X' else 0):08d}",
        "expected": _ACTIVE,
    }
    return Persona(key=key, name=name, number=number, story=Story(*story), **(defaults | more))


CAST: Final[tuple[Persona, ...]] = (
    _persona(
        "P01",
        "测一一",
        "11000019900307001X",
        ("成年人，一切顺利；号码末位是 X。", "An adult for whom everything works; the number ends in X."),
    ),
    _persona(
        "P02",
        "测一二",
        "110000199003080023",
        ("第二位一切顺利的成年人，用来试重复注册和关联。", "A second adult, to try duplicates and linking with."),
    ),
    _persona(
        "P03",
        "测不符",
        "310000198506150030",
        (
            "姓名与号码对不上：登记的真名是测三三。",
            "Name and number do not belong together: the name on file is 测三三.",
        ),
        names_on_file=(NameOnFile("测三三"),),
        expected=_refused(Reason.NAME_NUMBER_MISMATCH),
    ),
    _persona(
        "P04",
        "测无录",
        "310000198506160044",
        (
            "权威机构查无此号，与姓名不符是两回事。",
            "The authority has no such number, which is not the same as a mismatch.",
        ),
        script=Script.NO_RECORD,
        expected=_refused(Reason.NO_RECORD),
    ),
    _persona(
        "P05",
        "测已故",
        "320000194001010052",
        ("号码的主人已经去世，不能注册。", "The number's owner has died: registration is refused."),
        script=Script.DECEASED,
        expected=_refused(Reason.NOT_ELIGIBLE),
        document_valid_until=None,
    ),
    _persona(
        "P06",
        "测过期",
        "330000197809090062",
        (
            "身份证已过期，只能用于要求较低的场景；2026年3月1日换领新证后，在“资料核对”里核对一次即恢复。",
            "The card has expired: low assurance only. With the new card of 1 Mar 2026 one check opens the rest.",
        ),
        document_valid_until=date(2025, 9, 8),
        renewal=_NEW_CARD,
        expected=Expected(ExpectedKind.RESTRICTED, Reason.DOCUMENT_EXPIRED),
    ),
    _persona(
        "P07",
        "测将期",
        "330000197809100072",
        (
            "身份证2026年2月10日到期，到期前会收到提醒，次日起只能用于要求较低的场景；2026年3月1日换领新证。",
            "The card expires on 10 Feb 2026: reminders come before, low assurance only after. A new card: 1 Mar 2026.",
        ),
        document_valid_until=date(2026, 2, 10),
        renewal=_NEW_CARD,
    ),
    _persona(
        "P08",
        "测少年",
        "440000200906010087",
        ("十六岁，自己申请，监护人测监护须确认。", "Aged 16: applies alone, and the guardian P10 must confirm."),
        expected=_supplement(Reason.GUARDIAN_MUST_CONFIRM),
        eventually=_ACTIVE,
        guardian="P10",
    ),
    _persona(
        "P09",
        "测小童",
        "440000201806010092",
        ("七岁，还没有身份证，须由监护人测监护申请。", "Aged 7 and without a card: the guardian P10 must apply."),
        document_valid_until=None,
        expected=_supplement(Reason.GUARDIAN_MUST_APPLY),
        eventually=_ACTIVE,
        guardian="P10",
    ),
    _persona(
        "P10",
        "测监护",
        "440000198806010100",
        ("测少年、测小童和测十四的监护人。", "The guardian of P08, P09 and P27."),
    ),
    _persona(
        "P11",
        "测买·艾试",
        "650000199202020117",
        ("姓名带间隔号，输入别的圆点也应通过并加说明。", "A name with a dot: other dots match too, with a note."),
    ),
    _persona(
        "P12",
        "测古丽·阿卜杜买买提·测艾合麦提江·试图尔荪",
        "650000199202030120",
        ("姓名很长、有四段，页面须放得下。", "A long name of four parts that every page must hold."),
    ),
    _persona(
        "P13",
        "测䶮",
        "53000019950505013X",
        (
            "姓名有生僻字，用旧的自造区编码输入也应通过并加说明。",
            "A rare character; its old private-use code matches with a note.",
        ),
    ),
    _persona(
        "P14",
        "测𬎆",
        "530000199505060143",
        ("姓名有扩展区汉字；上游丢字时转人工核对。", "A character that a bad upstream loses: then a person checks."),
    ),
    _persona(
        "P15",
        "测自冻",
        "61000019930704015X",
        ("手机丢了，自己冻结了账户。", "Lost the phone and froze the account."),
        expected=Expected(ExpectedKind.FROZEN, "self"),
    ),
    _persona(
        "P16",
        "测风控",
        "610000199307050163",
        (
            "账户因风险被冻结，找回也解不开；可以在“意见反馈”里投诉，由工作人员答复。",
            "Frozen for risk, which no recovery lifts; a complaint under Feedback is answered by the staff.",
        ),
        expected=Expected(ExpectedKind.FROZEN, "risk"),
    ),
    _persona(
        "P17",
        "测已销",
        "110000198911110174",
        (
            "上个月注销了，什么也没有留下，重新申请就是新的人，合作方得到新的编码。",
            "Deregistered last month, of which nothing is left: comes back as somebody new, with new partner codes.",
        ),
        expected=Expected(ExpectedKind.DEREGISTERED_BEFORE),
        eventually=_ACTIVE,
    ),
    _persona(
        "P18",
        "测终止",
        "110000198911120188",
        (
            "因出借身份被终止服务，再申请须人工审核。",
            "Service ended for lending the identity; a new application is reviewed.",
        ),
        expected=Expected(ExpectedKind.TERMINATED),
        eventually=_under_review(Reason.SERVICE_ENDED_BEFORE),
    ),
    _persona(
        "P19",
        "测超时",
        "110000199701010196",
        ("权威机构前两次超时，第三次才回答。", "The authority times out twice and answers the third time."),
        script=Script.TIME_OUT_TWICE,
        expected=_QUEUED,
        eventually=_ACTIVE,
    ),
    _persona(
        "P20",
        "测宕机",
        "110000199701020204",
        (
            "权威机构对此人一直不可用，申请排队等候。",
            "The authority stays down for this person: the application waits.",
        ),
        script=Script.ALWAYS_DOWN,
        expected=_QUEUED,
    ),
    _persona(
        "P21",
        "测挂起",
        "110000199701030218",
        ("权威机构两次回答处理中，第三次给出结果。", "The authority says “in progress” twice, then gives the result."),
        script=Script.PENDING_TWICE,
        expected=_QUEUED,
        eventually=_ACTIVE,
    ),
    _persona(
        "P22",
        "测人工",
        "110000199701040221",
        ("权威机构建议复核，由运营人员决定。", "The authority advises a review: an operator decides."),
        signals=frozenset({AuthoritySignal.REVIEW_ADVISED}),
        expected=_under_review(Reason.MANUAL_REVIEW),
    ),
    _persona(
        "P23",
        "测拒绝",
        "110000199701050235",
        ("设备有风险，被策略拒绝，可以申诉。", "Refused for a risky device; an appeal is possible."),
        signals=frozenset({AuthoritySignal.DEVICE_RISK}),
        expected=_refused(Reason.DEVICE_RISK),
    ),
    _persona(
        "P24",
        "测改名",
        "110000199701060249",
        ("2026年2月1日起改名测新名，号码不变。", "Renamed to 测新名 from 1 Feb 2026; the number stays."),
        names_on_file=(NameOnFile("测改名"), NameOnFile("测新名", date(2026, 2, 1))),
    ),
    _persona(
        "P25",
        "测换号",
        "110000199701070252",
        (
            "手机号要被回收、归测冒用：先在“我的 > 手机号”换成新号码，再让测冒用用旧号码注册。",
            "The number goes to P32 one day: change it under Me > Phone, then register P32 with the old one.",
        ),
    ),
    _persona(
        "P26",
        "测闰日",
        "11000020000229026X",
        (
            "生于 2 月 29 日，平年到 3 月 1 日才长一岁。",
            "Born on 29 February: a year older on 1 March of common years.",
        ),
    ),
    _persona(
        "P27",
        "测十四",
        "440000201201150279",
        ("2026年1月15日当天满十四岁，监护人测监护须确认。", "Turns 14 on 15 Jan 2026: the guardian P10 must confirm."),
        expected=_supplement(Reason.GUARDIAN_MUST_CONFIRM),
        eventually=_ACTIVE,
        guardian="P10",
    ),
    _persona(
        "P28",
        "测成年",
        "440000200801150286",
        ("2026年1月15日当天满十八岁，不再需要监护人。", "Turns 18 on 15 Jan 2026 and needs no guardian any more."),
    ),
    _persona(
        "P29",
        "测长辈",
        "110000196001010298",
        (
            "老年人，默认长辈模式。可以请测协助当协助人，对方只收到提醒，收不到验证码。",
            "An elder, in elder mode. Can ask P30 to help, who gets notices and never a message code.",
        ),
        document_valid_until=None,
    ),
    _persona(
        "P30",
        "测协助",
        "110000196001020306",
        (
            "在“我的 > 家人”输入测长辈邀请时得到的数字，就能在限定时间内协助：只收到提醒，看不到其资料。",
            "Types the digits of P29's invitation under Me > Family, then helps for a time: notices, no data.",
        ),
        document_valid_until=None,
    ),
    _persona(
        "P31",
        "测撤回",
        "110000199107010310",
        (
            "在两个合作方各用一次，再到“我的 > 授权”关闭一个、保留另一个。",
            "To play: be checked at two partners, then switch one off and keep the other under Me > Permissions.",
        ),
    ),
    _persona(
        "P32",
        "测冒用",
        "110000199107020324",
        (
            "编码在一个柜台用过后，再拿到另一柜台试一次：手机上马上告警，记录里可以申请争议协助。",
            "To play: check one code at two desks: the phone warns, and the record helps in a dispute.",
        ),
    ),
    _persona(
        "X1",
        "测错码",
        "110000199003070011",
        ("校验码不对，不会去问权威机构。", "A wrong check digit: the authority is never asked."),
        expected=_input_error("number_check_digit"),
    ),
    _persona(
        "X2",
        "测旧号",
        "110000196704013006",
        ("输入 15 位旧号码，自动换成 18 位。", "Types an old 15-digit number, which is converted to 18."),
        number_as_typed="110000670401300",
    ),
    _persona(
        "X3",
        "测港居",
        "810000199408230021",
        (
            "持港澳居民居住证，号码是公布的样例。",
            "Holds a Hong Kong resident's permit; the number is a published sample.",
        ),
    ),
    _persona(
        "X4",
        "测台居",
        "830000199201300022",
        ("持台湾居民居住证，号码是公布的样例。", "Holds a Taiwan resident's permit; the number is a published sample."),
    ),
    _persona(
        "X5",
        "TEST PR",
        "932682198501010017",
        (
            "持外国人永久居留身份证（公布的样例），默认不受理。",
            "A foreigner's card (official sample): not taken by default.",
        ),
        expected=_input_error("number_kind_off"),
    ),
    _persona(
        "X6",
        "测重复",
        "110000199003080023",
        ("号码与测一二相同、手机号不同，走找回流程。", "P02's number with another phone: leads to recovery."),
        expected=Expected(ExpectedKind.ALREADY_REGISTERED),
    ),
)
"""All personas. ``X6`` is the same person as ``P02``: the authority knows the number under both names."""
