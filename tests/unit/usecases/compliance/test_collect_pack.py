"""The pack for an audit: every part is there, indexed by its hash, and nobody is named in it."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.domain.operators.posture import CheckFinding, FindingSentence, Severity
from eztong.gm.sm3 import sm3
from eztong.usecases.compliance.collect_pack import (
    FORMAT,
    SUBJECT,
    PackSources,
    collect_pack,
    note_pack,
    written_pack,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage

SOURCES = PackSources(
    origin="eztong.example",
    version="0.0",
    catalogue=[{"table": "holders"}],
    findings=[CheckFinding("EZT001", Severity.OK, [FindingSentence("finding.sm2.fine", {}, "fine")])],
    evidence={"notes": ["note"]},
)


def packed(stage: Stage, sources: PackSources = SOURCES) -> dict[str, bytes]:
    now = stage.clock.now()
    parts = stage.read(lambda stored: collect_pack(sources, stored=stored, keys=stage.keys, now=now))
    return written_pack(parts, sources, now=now)


def test_the_index_names_every_part_with_its_hashes(stage: Stage) -> None:
    files = packed(stage)
    assert next(iter(files)) == "index.json"
    index = json.loads(files.pop("index.json"))
    assert (index["format"], index["origin"]) == (FORMAT, "eztong.example")
    assert {name: one["sha256"] for name, one in index["files"].items()} == {
        name: sha256(content).hexdigest() for name, content in files.items()
    }
    assert all(index["files"][name]["sm3"] == sm3(content).hex() for name, content in files.items())
    assert packed(stage) == packed(stage)


def test_it_counts_what_is_there(stage: Stage) -> None:
    stage.act(note_pack, by=operator(stage, "zhou", OperatorRole.AUDIT))
    files = {name: json.loads(content) for name, content in packed(stage).items()}
    assert files["people.json"]["accounts"] == files["acceptances.json"]["accounts"] == 2
    assert {one["what"] for one in files["access.json"]["acts"]} >= {"audit.export"}
    hotel = next(one for one in files["releases.json"]["partners"] if one["partner"] == "hotel")
    assert all(scene["purpose"] for scene in hotel["scenes"])
    assert [one["set"] for one in files["agreements.json"]] == [1]
    assert {one["table"] for one in files["retention.json"]["removed"]} >= {"audit_entries"}
    assert {one["purpose"] for one in files["cryptography.json"]} >= {"results", "kek"}


def test_nobody_is_named_in_it(stage: Stage) -> None:
    stage.act(note_pack, by=operator(stage, "zhou.audit", OperatorRole.AUDIT))
    everything = b"".join(packed(stage).values()).decode()
    for person in (LI, WANG):
        for word in (person.name, person.number, person.phone, stage.holder_id(person)):
            assert word not in everything
    assert "zhou.audit" not in everything


def test_the_inventory_of_cryptography_has_the_root_key_and_every_kind_of_key(stage: Stage) -> None:
    lines = json.loads(packed(stage)["cryptography.json"])
    assert {(one["purpose"], one["place"], one["certified"]) for one in lines} >= {
        ("root", "file", "no"),
        ("results", "memory", "no"),
        ("data_key", "memory", "no"),
    }


def test_only_the_audit_role_takes_it_and_that_is_in_the_audit(stage: Stage) -> None:
    with pytest.raises(RoleMissing):
        stage.act(note_pack, by=operator(stage, "li", OperatorRole.SYSTEM, OperatorRole.SECURITY))
    stage.act(note_pack, by=operator(stage, "zhou", OperatorRole.AUDIT))
    assert stage.select("SELECT operator, what FROM audit_entries WHERE subject = ?", SUBJECT) == [
        ("zhou", "audit.export")
    ]
