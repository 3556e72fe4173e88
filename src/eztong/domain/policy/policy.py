"""A version of the policy for applications: which rules it sets, what each does, and which no version sets (2.1).

The law and the house set R10 to R23 and R50 to R52: who has no guardian, no match or a past is treated alike under
every version. What is left to a version stands in :data:`ADJUSTABLE`, each with what it may do; nothing a version says
makes an account that a fixed rule would not. Age and region never refuse: a person looks, or something more is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.registration import Reason, Verdict

DECADE: Final = 10
"""Years. Limits of age are whole decades, so that the decade alone is kept of an applicant's age."""

LEAST_AGE: Final = 20
MOST_AGE: Final = 120
MOST_APPROVALS: Final = 10_000_000


class PolicyInvalid(InputInvalid):
    """A document is no version of the policy, or a rule in it cannot be as it says."""

    code = "policy_invalid"
    advice = "Correct the document; `eztong policy show --json` prints one that is right."


class RuleFixed(PolicyInvalid):
    """A version would change a rule that the law or the house sets."""

    code = "policy_rule_fixed"
    advice = "Take the rule out of the document: it holds under every version, as `eztong policy show` says."


class Takes(StrEnum):
    """The parameter of a rule, by its name in a document."""

    NOTHING = ""
    DOCUMENTS = "documents"
    REGIONS = "regions"
    AGE = "age"
    APPROVALS = "approvals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustable:
    """A rule that a version sets: what it may do, what it does if a version is silent, why it is told to have hit."""

    what: str
    may: frozenset[Verdict]
    silent: Verdict | None
    """None: it hits nobody."""
    takes: Takes = Takes.NOTHING
    reasons: Mapping[Verdict, Reason]


_V = Verdict
_ASKED: Final = frozenset({_V.REVIEW, _V.SUPPLEMENT})


def _alike(reason: Reason) -> Mapping[Verdict, Reason]:
    return dict.fromkeys(Verdict, reason)


ADJUSTABLE: Final[Mapping[str, Adjustable]] = {
    "R30": Adjustable(
        what="the authority's side sees a risk in the device",
        may=frozenset({_V.REFUSE, _V.REVIEW}),
        silent=_V.REFUSE,
        reasons={_V.REFUSE: Reason.DEVICE_RISK, _V.REVIEW: Reason.MANUAL_REVIEW},
    ),
    "R31": Adjustable(
        what="the authority advises that a person looks",
        may=frozenset({_V.REVIEW, _V.APPROVE}),
        silent=_V.REVIEW,
        reasons={_V.REVIEW: Reason.MANUAL_REVIEW},
    ),
    "R32": Adjustable(
        what="a document of one of these kinds",
        may=_ASKED | {_V.REFUSE},
        silent=None,
        takes=Takes.DOCUMENTS,
        reasons=_alike(Reason.DOCUMENT_KIND),
    ),
    "R33": Adjustable(
        what="of this age or older", may=_ASKED, silent=None, takes=Takes.AGE, reasons=_alike(Reason.AGE_GROUP)
    ),
    "R34": Adjustable(
        what="younger than this age", may=_ASKED, silent=None, takes=Takes.AGE, reasons=_alike(Reason.AGE_GROUP)
    ),
    "R35": Adjustable(
        what="a number of one of these regions, by its first two digits",
        may=_ASKED,
        silent=None,
        takes=Takes.REGIONS,
        reasons=_alike(Reason.REGION),
    ),
    "R40": Adjustable(
        what="the document is out of date",
        may=_ASKED | {_V.APPROVE_RESTRICTED, _V.REFUSE},
        silent=_V.APPROVE_RESTRICTED,
        reasons={_V.APPROVE_RESTRICTED: Reason.DOCUMENT_EXPIRED}
        | dict.fromkeys((_V.REVIEW, _V.SUPPLEMENT, _V.REFUSE), Reason.DOCUMENT_OUT_OF_DATE),
    ),
    "R36": Adjustable(
        what="as many as this were approved today without a person",
        may=frozenset({_V.REVIEW}),
        silent=None,
        takes=Takes.APPROVALS,
        reasons=_alike(Reason.DAY_IS_FULL),
    ),
}
"""What a version may set, in the order in which the rules are tried; R36 is tried of what would be approved."""

FIXED: Final[Mapping[str, str]] = {
    "R00": "nothing else hit: approved",
    "R10": "under 14 a guardian applies (PIPL art. 31)",
    "R11": "from 14 to 17 a guardian confirms (Civil Code art. 19)",
    "R12": "the service was ended for the person before: a person looks (clause 2.10)",
    "R13": "the person has an account: refused",
    "R14": "an application of the same number and phone waits for a person: refused",
    "R15": "the agreements were replaced or withdrawn: refused (clause P-3)",
    "R16": "documents of this kind are not taken: refused",
    "R17": "the phone carries as many accounts as it may: refused (clause 2.6)",
    "R18": "the person left in the middle of a case: a person looks",
    "R20": "name and number do not belong together: refused",
    "R21": "the authority has no record: refused",
    "R22": "the authority says that the person has died: refused",
    "R23": "the name needs a person's eye: a person looks",
    "R50": "approved by a person",
    "R51": "refused by a person",
    "R52": "a person asked for something more",
}
"""What no version sets, with what it does, for people who read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a version says of one adjustable rule. ``values`` are kinds of documents or regions, ``number`` a limit."""

    does: Verdict
    values: tuple[str, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A version: its name, from when on it may be in force, and the rules that it sets otherwise than silence does.

    ``valid_from`` None means from its approval on.
    """

    version: str
    valid_from: datetime | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def rule(self, rule_id: str) -> Rule | None:
        """Return what the version says of an adjustable rule, or what holds if it is silent; None: it hits nobody."""
        said = self.rules.get(rule_id)
        if said is not None:
            return said
        silent = ADJUSTABLE[rule_id].silent
        return None if silent is None else Rule(does=silent)


BUILT_IN: Final = Policy(version="2026-03")
"""The version that an installation begins with: silent about everything."""
