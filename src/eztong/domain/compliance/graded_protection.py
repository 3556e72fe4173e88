"""Control points of graded protection, level 3 (GB/T 22239-2019, part 8.1), and what a deployment shows of each.

A line is shown by something that was looked up, or it is the deployment's job; a point of which the program sees a part
is shown for that part, and says what is left. Whether the grade is reached an assessor says, never this list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.operators.audit import AUDIT_FOR
from eztong.domain.operators.operator import LOCK_TIME, WRONG_TRIES, OperatorRole
from eztong.domain.operators.permission import MAY, Permission
from eztong.domain.operators.posture import CheckFinding, Severity
from eztong.domain.signed_in import IDLE_LIFE

LEAST_LOGS: Final = timedelta(days=183)
"""How long logs are kept at least (Cybersecurity Law, six months)."""

_READS: Final = frozenset({Permission.CONSOLE, Permission.AUDIT_EXPORT})


class PointShown(StrEnum):
    """What is known of a control point."""

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    """Something that was looked up speaks against it."""
    DEPLOYMENT = "deployment"
    """It lies outside of the program: the deployment shows it by other means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was looked up for the list: the doctor's findings by check, operators, and what waits to be swept."""

    findings: Mapping[str, CheckFinding]
    operators: int
    without_second_factor: int
    mixed: int
    """Operators who have the role audit beside another one: duties are not separated then."""
    audit_entries: int
    """Entries of the audit of the last thirty days."""
    overdue_kinds: int
    """Kinds of rows of which more than a sweep's worth are beyond their period."""
    audit_for: timedelta = AUDIT_FOR
    """How long entries of the audit are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLine:
    """A control point with what is known of it; ``checks`` are the doctor's that say so."""

    point: str
    name: str
    name_en: str
    shown: PointShown
    evidence: str
    left: str = ""
    checks: tuple[str, ...] = ()


_Evidence = Callable[[Looked], tuple[bool, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    point: str
    name: str
    name_en: str
    checks: tuple[str, ...] = ()
    evidence: _Evidence | None = None
    left: str = ""


def graded_lines(looked: Looked) -> Sequence[ControlLine]:
    """Return every control point with what is known of it, in the order of the standard."""
    return [_line(point, looked) for point in POINTS]


def _line(point: _Point, looked: Looked) -> ControlLine:
    told = [looked.findings[check] for check in point.checks if check in looked.findings]
    if point.evidence is None and not told:
        return ControlLine(
            point=point.point,
            name=point.name,
            name_en=point.name_en,
            shown=PointShown.DEPLOYMENT,
            evidence="",
            left=point.left or "The deployment shows it by other means.",
        )
    is_met = all(finding.severity is Severity.OK for finding in told)
    words = [f"{finding.check}: {finding.message}" for finding in told]
    if point.evidence is not None:
        found, said = point.evidence(looked)
        is_met, words = is_met and found, [said, *words]
    return ControlLine(
        point=point.point,
        name=point.name,
        name_en=point.name_en,
        shown=PointShown.SHOWN if is_met else PointShown.NOT_SHOWN,
        evidence=" ".join(words),
        left=point.left,
        checks=tuple(finding.check for finding in told),
    )


def _second_factors(looked: Looked) -> tuple[bool, str]:
    missing = looked.without_second_factor
    return (
        looked.operators > 0 and missing == 0,
        f"{looked.operators} operators act; {missing} of them have no second factor yet, and cannot enter the console.",
    )


def _lock_out(_looked: Looked) -> tuple[bool, str]:
    idle, lock = IDLE_LIFE // timedelta(minutes=1), LOCK_TIME // timedelta(minutes=1)
    return True, f"{WRONG_TRIES} wrong tries lock for {lock} minutes; a session ends after {idle} minutes without use."


def _separated(looked: Looked) -> tuple[bool, str]:
    by_table = {one for one, roles in MAY.items() if OperatorRole.AUDIT in roles}
    is_apart = all(one in _READS or one.endswith(".read") for one in by_table)
    return (
        is_apart and looked.mixed == 0,
        (
            f"The audit role may {len(by_table)} acts, none of which changes anything; "
            f"{looked.mixed} operators have it beside another role."
        ),
    )


def _by_permission(_looked: Looked) -> tuple[bool, str]:
    return True, f"{len(MAY)} permissions, each with the roles that have it; nobody decides about themselves."


def _no_defaults(looked: Looked) -> tuple[bool, str]:
    return looked.operators > 0, "No account and no password comes with the program; the first operator is invited."


def _audited(looked: Looked) -> tuple[bool, str]:
    return (
        looked.audit_entries > 0,
        (
            f"{looked.audit_entries} entries in the last thirty days, each with who, when, what and whether it was "
            "done, committed with the act."
        ),
    )


def _kept(looked: Looked) -> tuple[bool, str]:
    days = looked.audit_for.days
    return looked.audit_for >= LEAST_LOGS, f"Entries are kept {days} days; nothing changes or removes one before."


def _swept(looked: Looked) -> tuple[bool, str]:
    return looked.overdue_kinds == 0, f"Kinds of rows that wait to be swept beyond one sweep: {looked.overdue_kinds}."


_OUTSIDE: Final = (
    ("8.1.1", "安全物理环境", "Physical environment"),
    ("8.1.2.1", "网络架构", "Network architecture"),
    ("8.1.2.3", "通信网络可信验证", "Trusted verification of the network"),
    ("8.1.3.1", "边界防护", "Boundary protection"),
    ("8.1.3.2", "区域边界访问控制", "Access control at the boundary"),
    ("8.1.3.3", "区域边界入侵防范", "Intrusion prevention at the boundary"),
    ("8.1.3.4", "恶意代码和垃圾邮件防范", "Malware and spam at the boundary"),
    ("8.1.3.5", "区域边界安全审计", "Audit at the boundary"),
    ("8.1.3.6", "区域边界可信验证", "Trusted verification at the boundary"),
)
_MANAGED: Final = (
    ("8.1.6", "安全管理制度", "Security policies"),
    ("8.1.7", "安全管理机构", "Organisation of security"),
    ("8.1.8", "安全管理人员", "Personnel"),
    ("8.1.9", "安全建设管理", "Building of the system"),
    ("8.1.10", "安全运维管理", "Operation and maintenance"),
)


def _outside(points: Sequence[tuple[str, str, str]]) -> list[_Point]:
    return [_Point(point=point, name=name, name_en=name_en) for point, name, name_en in points]


_HOST: Final = "Operating system, database host and network devices are the deployment's."
_COMPUTING: Final = (
    _Point(
        point="8.1.4.1 a",
        name="身份标识和鉴别",
        name_en="Identification and authentication",
        evidence=_no_defaults,
        left=_HOST,
    ),
    _Point(point="8.1.4.1 b", name="登录失败处理", name_en="Lock-out and session end", evidence=_lock_out, left=_HOST),
    _Point(
        point="8.1.4.1 c",
        name="远程管理防窃听",
        name_en="Remote management is not overheard",
        checks=("EZT003",),
        left="Shell access to the machines is the deployment's.",
    ),
    _Point(
        point="8.1.4.1 d",
        name="两种以上鉴别技术",
        name_en="Two factors, one of them cryptographic",
        evidence=_second_factors,
        left=_HOST,
    ),
    _Point(
        point="8.1.4.2 a-c",
        name="账户和默认权限",
        name_en="Accounts and default rights",
        evidence=_no_defaults,
        left=_HOST,
    ),
    _Point(
        point="8.1.4.2 d",
        name="管理用户权限分离",
        name_en="Separation of administrators' rights",
        evidence=_separated,
    ),
    _Point(
        point="8.1.4.2 e-f",
        name="访问控制策略和粒度",
        name_en="Access policy and its grain",
        evidence=_by_permission,
        checks=("EZT008",),
    ),
    _Point(point="8.1.4.2 g", name="安全标记", name_en="Security marks", left="The program sets no security marks."),
    _Point(
        point="8.1.4.3 a-b",
        name="审计覆盖和内容",
        name_en="What the audit covers and says",
        evidence=_audited,
        left=_HOST,
    ),
    _Point(
        point="8.1.4.3 c",
        name="审计记录保护和备份",
        name_en="The audit is protected and backed up",
        evidence=_kept,
        checks=("EZT007", "EZT018"),
        left="Copies outside of the machine are the deployment's (eztong db backup).",
    ),
    _Point(
        point="8.1.4.3 d",
        name="审计进程保护",
        name_en="The audit cannot be stopped",
        evidence=lambda _: (True, "An act and its entry are one commit: without the entry nothing is done."),
    ),
    _Point(
        point="8.1.4.4 a-c",
        name="最小安装和终端限制",
        name_en="Least installation, allowed terminals",
        left="Minimal image, closed ports and the addresses that reach /console are the deployment's.",
    ),
    _Point(
        point="8.1.4.4 d",
        name="输入有效性检验",
        name_en="Input is checked",
        evidence=lambda _: (True, "Unknown fields, oversized and malformed requests are refused before any act."),
    ),
    _Point(
        point="8.1.4.4 e-f",
        name="漏洞修补和入侵检测",
        name_en="Weaknesses and intrusion detection",
        left="make vulnerabilities checks the dependencies; patching and detection are the deployment's.",
    ),
    *_outside((("8.1.4.5", "恶意代码防范", "Malware"), ("8.1.4.6", "可信验证", "Trusted verification"))),
    _Point(
        point="8.1.4.7",
        name="数据完整性",
        name_en="Integrity of data",
        checks=("EZT001", "EZT003", "EZT007"),
        left="A certified cryptographic module is the deployment's.",
    ),
    _Point(
        point="8.1.4.8",
        name="数据保密性",
        name_en="Confidentiality of data",
        checks=("EZT003", "EZT005", "EZT006"),
        left="A certified cryptographic module is the deployment's.",
    ),
    _Point(
        point="8.1.4.9",
        name="数据备份恢复",
        name_en="Backup and recovery",
        left="eztong db backup and restore make and prove copies; off-site copies and hot redundancy are the "
        "deployment's, and are not looked up.",
    ),
    _Point(
        point="8.1.4.10",
        name="剩余信息保护",
        name_en="Residual information",
        evidence=_swept,
        checks=("EZT017",),
        left="Wiping of disks and memory is the deployment's.",
    ),
    _Point(
        point="8.1.4.11",
        name="个人信息保护",
        name_en="Personal information",
        evidence=lambda _: (True, "Name, number and phone lie sealed; who is shown them is in the holder's history."),
        checks=("EZT010",),
    ),
)
_CENTRE: Final = (
    _Point(
        point="8.1.5.1-3",
        name="系统、审计、安全管理",
        name_en="System, audit and security administrators",
        evidence=_separated,
    ),
    _Point(
        point="8.1.5.4",
        name="集中管控",
        name_en="Central control",
        checks=("EZT019",),
        left="Time source, central logs, patches and malware protection are the deployment's.",
    ),
)
POINTS: Final[tuple[_Point, ...]] = (
    *_outside(_OUTSIDE[:2]),
    _Point(
        point="8.1.2.2",
        name="通信传输",
        name_en="Transmission",
        checks=("EZT003",),
        left="TLS with commercial cryptography ends in front of the service.",
    ),
    *_outside(_OUTSIDE[2:]),
    *_COMPUTING,
    *_CENTRE,
    *_outside(_MANAGED),
)
"""The control points of level 3, in the order of the standard."""
