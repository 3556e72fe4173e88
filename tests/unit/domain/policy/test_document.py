"""The document of a version, and the record of what was looked at: read strictly, and back in one form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from eztong.domain.identity.authority_answer import AuthoritySignal
from eztong.domain.policy.document import (
    MOST_BYTES,
    POLICY_FORMAT,
    parse_policy,
    render_policy,
)
from eztong.domain.policy.facts_record import FactsUnreadable, parse_facts, render_facts
from eztong.domain.policy.policy import ADJUSTABLE, BUILT_IN, FIXED, Policy, PolicyInvalid, Rule, RuleFixed
from eztong.domain.registration import Verdict
from tests.unit.domain.policy.cases import PLAIN

EVERYTHING = {
    "format": POLICY_FORMAT,
    "version": "2027-01",
    "valid_from": "2027-01-15",
    "rules": {
        "R30": {"does": "review"},
        "R31": {"does": "approve"},
        "R32": {"does": "review", "documents": ["TW", "HM"]},
        "R33": {"does": "review", "age": 80},
        "R34": {"does": "supplement", "age": 20},
        "R35": {"does": "review", "regions": ["65", "81"]},
        "R36": {"does": "review", "approvals": 500},
        "R40": {"does": "refuse"},
    },
}


def read(**changed: object) -> Policy:
    return parse_policy(json.dumps(EVERYTHING | changed).encode())


def rule(rule_id: str, **said: object) -> Policy:
    return read(rules={rule_id: said})


def test_a_version_that_says_everything_is_read() -> None:
    policy = read()
    assert policy.rules.keys() == ADJUSTABLE.keys()
    assert (policy.version, policy.valid_from) == ("2027-01", datetime(2027, 1, 14, 16, tzinfo=UTC))
    assert policy.rule("R32") == Rule(does=Verdict.REVIEW, values=("HM", "TW"))
    assert policy.rule("R36") == Rule(does=Verdict.REVIEW, number=500)
    assert json.loads(render_policy(policy))["valid_from"] == "2027-01-15"


def test_day_and_rules_may_be_left_out() -> None:
    bare = parse_policy(json.dumps({"format": POLICY_FORMAT, "version": "x"}).encode())
    assert bare == Policy(version="x")


@pytest.mark.parametrize("rule_id", FIXED)
def test_what_the_law_and_the_house_set_is_refused_with_what_it_says(rule_id: str) -> None:
    with pytest.raises(RuleFixed, match=rule_id) as refused:
        rule(rule_id, does="approve")
    assert FIXED[rule_id] in refused.value.detail


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"format": "eztong/application-policy/v2"}, "format"),
        ({"version": ""}, "version"),
        ({"version": 7}, "version"),
        ({"version": "A"}, "version"),
        ({"version": "x" * 21}, "version"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"valid_from": "20270115"}, "valid_from"),
        ({"valid_from": 20270115}, "valid_from"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_from": "9999-12-31"}, "valid_from"),
        ({"rules": []}, "rules"),
        ({"also": 1}, "also"),
        ({"rules": {"R99": {"does": "review"}}}, "R99"),
        ({"rules": {"R30": "review"}}, "R30"),
    ],
)
def test_anything_else_is_refused_by_its_place(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(PolicyInvalid, match=where):
        read(**changed)


@pytest.mark.parametrize(
    ("rule_id", "said"),
    [
        ("R30", {"does": "approve"}),
        ("R30", {"does": ["review"]}),
        ("R30", {}),
        ("R30", {"does": "review", "age": 80}),
        ("R31", {"does": "refuse"}),
        ("R32", {"does": "review"}),
        ("R32", {"does": "review", "documents": []}),
        ("R32", {"does": "review", "documents": ["99"]}),
        ("R32", {"does": "review", "documents": "HM"}),
        ("R33", {"does": "refuse", "age": 80}),
        ("R33", {"does": "review", "age": 85}),
        ("R33", {"does": "review", "age": 10}),
        ("R33", {"does": "review", "age": 130}),
        ("R34", {"does": "review", "age": True}),
        ("R35", {"does": "refuse", "regions": ["65"]}),
        ("R35", {"does": "review", "regions": ["99"]}),
        ("R35", {"does": "review", "regions": [65]}),
        ("R36", {"does": "supplement", "approvals": 5}),
        ("R36", {"does": "review", "approvals": -1}),
        ("R36", {"does": "review", "approvals": 10_000_001}),
        ("R40", {"does": "approve"}),
    ],
)
def test_a_rule_that_may_not_be_so_is_refused(rule_id: str, said: dict[str, Any]) -> None:
    with pytest.raises(PolicyInvalid, match=rule_id):
        rule(rule_id, **said)


def test_no_rule_says_two_things_and_no_file_is_endless() -> None:
    twice = (
        f'{{"format":"{POLICY_FORMAT}","version":"x","rules":{{"R40":{{"does":"review"}},"R40":{{"does":"refuse"}}}}}}'
    )
    with pytest.raises(PolicyInvalid, match="twice"):
        parse_policy(twice.encode())
    with pytest.raises(PolicyInvalid, match="bytes"):
        parse_policy(render_policy(BUILT_IN) + b" " * MOST_BYTES)


def test_what_was_looked_at_before_the_authority_is_read_back() -> None:
    asked = replace(PLAIN, verdict=None)
    assert parse_facts(render_facts(asked)) == asked


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"inputs/v1", b"inputs/v2"),
        (b'"adult"', b'"old"'),
        (b'"matched"', b'"maybe"'),
        (b'"known":[]', b'"known":["has_luck"]'),
        (b'"decade"', b'"years"'),
        (b'"decade":30', b'"decade":30,"extra":1'),
        (b"{", b""),
        (AuthoritySignal.DEVICE_RISK.value.encode(), b"x"),
    ],
)
def test_what_this_version_did_not_write_is_not_guessed_at(before: bytes, after: bytes) -> None:
    text = render_facts(replace(PLAIN, signals=frozenset({AuthoritySignal.DEVICE_RISK})))
    assert before in text
    with pytest.raises(FactsUnreadable):
        parse_facts(text.replace(before, after, 1))
