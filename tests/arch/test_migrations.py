"""Migrations are only appended: one that a database may have run is never changed, renumbered or taken out."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from eztong.adapters.storage.sql.revisions import MIGRATIONS

FOLDER = MIGRATIONS / "versions"
# A line is added with each migration, and never changed: databases out there say its number.
KNOWN = {
    "0001_holders.py": "1429570fac727f86",
    "0002_agreements_and_partners.py": "6e644d8e4588d80c",
    "0003_verifications.py": "f5257e2e1b45356f",
    "0004_requests_and_queues.py": "5f654e77a34c448d",
    "0005_sign_in.py": "556f285384a2210b",
    "0006_desk_staff.py": "c27ab50325f54fad",
    "0007_merchants.py": "f0b19a97f549c31d",
    "0008_eid_flows.py": "ac5819a83aa5101e",
    "0009_reports.py": "1d7bf6ccb84bf057",
    "0010_queues_and_retention.py": "946085d3b27053b3",
    "0011_input_sessions.py": "08f2f2a8fcafe2f1",
    "0012_repeats_and_replays.py": "574fb1c04c58a154",
    "0013_budgets.py": "2a49f823f345438c",
    "0014_set_aside.py": "e4cf969266e2ea9b",
    "0015_recoveries.py": "d1bfdc1db5520cc9",
    "0016_chain_and_row_seals.py": "50a1bc0977440dfa",
    "0017_codes_in_the_order_of_time.py": "cf9d5cedc12f5f73",
    "0018_jobs.py": "ef22b5a6dde43b46",
    "0019_tickets.py": "f7257bf01b1fe191",
    "0020_operators.py": "acba6d23b25e6010",
    "0021_deregistrations.py": "50d9ceec372612cf",
    "0022_incidents.py": "9cb573443ee85e80",
    "0023_notices.py": "b7fdd53504f3219d",
    "0024_disputes.py": "f0228ad2da72089a",
    "0025_contact.py": "c1f8cfadb0b68a7f",
    "0026_restrictions.py": "715e9e4ee3301ffa",
    "0027_partner_events.py": "208f7fcf5d56f29d",
    "0028_agreement_sets.py": "495df3443248003f",
    "0029_operators_as_persons.py": "124017163e69c5a3",
    "0030_leaf_stubs.py": "c3014858a9aae458",
    "0031_guardianships.py": "600e882e8cc2d57e",
    "0032_phrases.py": "5d5eef11500065cb",
    "0033_talks.py": "2737f2b962fb518e",
    "0034_assistances.py": "728539e491fd7497",
    "0035_policy.py": "61ff06a5b41f1b77",
    "0036_freshness.py": "08371ea96438f45f",
    "0037_second_people.py": "b05e6262bbfeabff",
    "0038_counts_of_rows.py": "454b24a26362974d",
    "0039_hand_over.py": "6e1395d63c697787",
    "0040_unanswered_applications.py": "44fe762ee9f7bef3",
    "0041_console.py": "6f04a19447bbccc3",
    "0042_webhooks.py": "7844d57093626ba0",
    "0043_partner_applications.py": "1883d42dac1f72b3",
    "0044_cases.py": "925661520eb7fec4",
    "0045_partner_portal.py": "06d2a918772b00ff",
    "0046_operators_proofs.py": "e57d2be9b8865f1f",
    "0048_incident_reports.py": "a0f4849874684b53",
    "0049_operation.py": "14af65049c4d2e2a",
    "0051_queues.py": "d5f99d50525a028a",
    "0052_public_applications.py": "da86959dedeb1d58",
    "0053_operators_choices.py": "e25ff655461a4599",
    "0054_desk_staff_factor.py": "1078cba215329a30",
    "0055_what_was_signed.py": "42aeff82ccdc8688",
    "0056_portal_proofs.py": "3da35b7c93087bff",
}


def files() -> list[Path]:
    return sorted(FOLDER.glob("[0-9]*.py"))


def test_what_a_database_may_have_run_is_as_it_was() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in files()}
    assert {name: found.get(name) for name in KNOWN} == KNOWN


def test_new_ones_come_after_all_that_are_known() -> None:
    names = [path.name for path in files()]
    assert names[: len(KNOWN)] == list(KNOWN)


def test_they_form_one_line_in_the_order_of_their_numbers() -> None:
    before: str | None = None
    for path in files():
        text = path.read_text()
        found = dict(re.findall(r'^(revision|down_revision)(?:: [^=]+)? = (?:"(\w+)"|None)', text, re.MULTILINE))
        assert found["revision"] == path.name.partition("_")[0]
        assert (found["down_revision"] or None) == before, path.name
        before = found["revision"]
