"""A proof holds offline with the published keys alone, and every change of any part of it is refused by name."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from eztong.domain.errors import ProofInvalid
from tests.simulators.batches import check
from tests.simulators.evidence import check_independently, proof_of, published
from tests.simulators.problems import expect_outcome
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def proof(service: Service) -> dict[str, Any]:
    """The proof of a verification that shared its batch with others, so that it has a path."""
    hotel = service.partners["hotel"]
    for _ in range(20):
        codes = [service.code(service.somebody())["qr"] for _ in range(12)]
        with ThreadPoolExecutor(12) as threads:
            answers = list(threads.map(lambda code: hotel.verify(code, SCENE, desk="front-1"), codes))
        for answer in answers:
            found: dict[str, Any] = hotel.get(f"/v1/verifications/{answer.json()['id']}/proof").json()
            if len(found["path"]) > 1:
                return found
    raise AssertionError("no two verifications ever shared a batch")


@pytest.fixture(scope="module")
def keys(service: Service, proof: dict[str, Any]) -> bytes:
    assert proof
    return published(service)


def refusal(proof: dict[str, Any], keys: bytes) -> str:
    """Return the part that does not hold."""
    with pytest.raises(ProofInvalid) as caught:
        check(json.dumps(proof).encode(), keys)
    return caught.value.detail.partition(":")[0]


def changed(proof: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return a changed copy."""
    copy: dict[str, Any] = json.loads(json.dumps(proof))
    change(copy)
    assert copy != proof
    return copy


def test_the_download_is_what_was_answered_and_both_verifiers_accept_it(
    service: Service, hotel: Partner, tmp_path: Path
) -> None:
    answered = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE, "masked_name"), "passed")
    answer = hotel.get(f"/v1/verifications/{answered['id']}/proof")
    file = answer.json()
    assert set(file) == {"format", "document", "leaf_index", "path", "note"}
    assert file["document"] == answered["result"]
    assert {name: file[name] for name in ("leaf_index", "path", "note")} == answered["proof"]
    verified = check(answer.content, published(service))
    assert verified.document == answered["result"]
    done = check_independently(answer.content, published(service), tmp_path)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "valid"), done.stdout + done.stderr


def test_the_command_line_accepts_a_proof_and_refuses_a_changed_one(
    service: Service, proof: dict[str, Any], keys: bytes, tmp_path: Path
) -> None:
    (tmp_path / "keys.json").write_bytes(keys)
    for name, content in (("good", proof), ("bad", changed(proof, lambda p: p["document"].update(outcome="declined")))):
        (tmp_path / name).write_text(json.dumps(content))
    good, bad = (
        service.run("evidence", "verify", str(tmp_path / name), "--keys", str(tmp_path / "keys.json"), "--json")
        for name in ("good", "bad")
    )
    assert (good.returncode, json.loads(good.stdout)["valid"]) == (0, True)
    assert (bad.returncode, json.loads(bad.stdout)) == (
        1,
        json.loads(bad.stdout) | {"valid": False, "part": "document"},
    )


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("document", lambda p: p["document"].update(outcome="declined")),
        ("document", lambda p: p["document"].update(partner="library")),
        ("document", lambda p: p["document"].pop("desk")),
        ("document", lambda p: p["document"].update(extra=None)),
        ("document", lambda p: p["document"]["claims"].update(age_over_18=True)),
        ("document", lambda p: p.update(path=[*reversed(p["path"])])),
        ("document", lambda p: p["path"].__setitem__(0, base64.b64encode(b"\x01" * 32).decode())),
        ("path", lambda p: p["path"].pop()),
        ("path", lambda p: p["path"].append(p["path"][0])),
        ("path", lambda p: p["path"].__setitem__(0, p["path"][0][:-4])),
        ("path", lambda p: p.update(path="")),
        ("leaf_index", lambda p: p.update(leaf_index=10**6)),
        ("leaf_index", lambda p: p.update(leaf_index=-1)),
        ("leaf_index", lambda p: p.update(leaf_index="0")),
        ("file", lambda p: p.update(format="eztong/proof/v3")),
        ("note", lambda p: p.update(format="eztong/proof/v1")),
        ("file", lambda p: p.update(more=1)),
        ("file", lambda p: p.pop("note")),
        ("file", lambda p: p.update(leaf_index=0.5)),
        ("note", lambda p: p.update(note=p["note"] + "\n")),
        ("note", lambda p: p.update(note=p["note"].replace("\n", "\r\n"))),
        ("signature", lambda p: p.update(note=p["note"].replace("localhost", "localhosu"))),
    ],
)
def test_a_changed_part_is_refused_and_named(proof: dict[str, Any], keys: bytes, part: str, change: Change) -> None:
    assert refusal(changed(proof, change), keys) == part


def test_every_other_leaf_index_is_refused(proof: dict[str, Any], keys: bytes) -> None:
    size = int(proof["note"].split("\n")[1])
    for index in set(range(size + 2)) - {proof["leaf_index"]}:
        assert refusal(proof | {"leaf_index": index}, keys) in {"document", "path", "leaf_index"}


def test_flipping_any_character_of_the_note_is_refused(proof: dict[str, Any], keys: bytes) -> None:
    note: str = proof["note"]
    for place in range(len(note)):
        for flip in (1, 2):
            other = note[:place] + chr(ord(note[place]) ^ flip) + note[place + 1 :]
            parts = {"note", "note root", "note previous", "signature", "key", "path"}
            assert refusal(proof | {"note": other}, keys) in parts, place


def test_both_verifiers_refuse_the_same_changes(proof: dict[str, Any], keys: bytes, tmp_path: Path) -> None:
    note: str = proof["note"]
    changes = [proof | {"note": note[:n] + chr(ord(note[n]) ^ 1) + note[n + 1 :]} for n in range(0, len(note), 60)]
    changes += [proof | {"leaf_index": proof["leaf_index"] + 1}, proof | {"path": []}, proof | {"document": {}}]
    for number, change in enumerate(changes):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = check_independently(json.dumps(change).encode(), keys, folder)
        assert (done.returncode, done.stdout.split(":")[0]) == (1, "invalid"), (change, done.stderr)


def test_a_proof_of_another_service_is_refused_by_its_key(proof: dict[str, Any], keys: bytes) -> None:
    published_keys = json.loads(keys)
    published_keys["keys"] = []
    assert refusal(proof, json.dumps(published_keys).encode()) == "key"


def test_rotating_the_key_while_serving_keeps_every_old_proof_valid(
    service: Service, hotel: Partner, proof: dict[str, Any]
) -> None:
    assert service.run("keys", "rotate", "results", "--apply").returncode == 0

    def keys_in_use() -> set[str]:
        answered = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")
        return {check(proof_of(answered), published(service)).key_id}

    before = check(json.dumps(proof).encode(), published(service)).key_id
    service.wait_for(lambda: before not in keys_in_use())
    again = hotel.get(f"/v1/verifications/{proof['document']['id']}/proof").json()
    assert again == proof
    states = {key["key_id"]: key["state"] for key in json.loads(published(service))["keys"]}
    assert sorted(states.values()) == ["active", "retiring"]
    assert states[before] == "retiring"


def test_sealing_again_beside_the_running_service_keeps_accounts_and_old_proofs(
    service: Service, hotel: Partner, proof: dict[str, Any]
) -> None:
    somebody = service.somebody()
    for purpose in ("kek", "service_seal"):
        assert service.run("keys", "rotate", purpose, "--apply").returncode == 0
    assert service.run("keys", "reseal", "--apply").returncode == 0

    def stands() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(service.run("keys", "status", "--json").stdout)
        return found

    service.wait_for(lambda: stands()["reseal"]["phase"] == "done")
    assert set(stands()["values"]) == {"kek-2", "service_seal-2"}
    for key in ("kek-1", "service_seal-1"):
        assert service.run("keys", "retire", key, "--apply").returncode == 0
    expect_outcome(hotel.verify(service.code(somebody)["qr"], SCENE), "passed")
    assert hotel.get(f"/v1/verifications/{proof['document']['id']}/proof").json() == proof
    check(json.dumps(proof).encode(), published(service))
