"""Accounts, devices, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_holders()
    _create_persons()
    _create_devices()
    _create_sessions()
    _create_otp_challenges()
    _create_holder_events()


def downgrade() -> None:
    op.drop_table("holder_events")
    op.drop_table("otp_challenges")
    op.drop_table("sessions")
    op.drop_table("devices")
    op.drop_table("persons")
    op.drop_table("holders")


def _create_holders() -> None:
    op.create_table(
        "holders",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] state machine of the account"),
        sa.Column("freeze_cause", sa.Text(), nullable=True, comment="[state] self, operator or risk while frozen"),
        sa.Column("document_type", sa.Text(), nullable=True, comment="[state] kind of identity document"),
        sa.Column("kek_id", sa.Text(), nullable=False, comment="[id] key that wraps the data key"),
        sa.Column(
            "data_key",
            sa.LargeBinary(),
            nullable=False,
            comment="[sealed] wrapped data key; emptied at deregistration, which erases all sealed fields",
        ),
        sa.Column(
            "number_index", sa.LargeBinary(), nullable=True, comment="[keyed] blind index of document type and number"
        ),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True, comment="[keyed] blind index of the phone"),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=True, comment="[sealed] citizen number"),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True, comment="[sealed] real name"),
        sa.Column("sealed_phone", sa.LargeBinary(), nullable=True, comment="[sealed] phone"),
        sa.Column("sealed_eid_mark", sa.LargeBinary(), nullable=True, comment="[sealed] eid mark of the authority"),
        sa.Column(
            "generation",
            sa.Integer(),
            nullable=False,
            comment="[state] counts voluntary re-registrations; input of the partner code",
        ),
        sa.Column("service_acceptance", sa.Text(), nullable=True, comment="[id] acceptance of the service agreement"),
        sa.Column(
            "authorisation_acceptance",
            sa.Text(),
            nullable=True,
            comment="[id] acceptance of the authorisation agreement",
        ),
        sa.Column("decision", sa.Text(), nullable=True, comment="[state] verdict on the application"),
        sa.Column("reason", sa.Text(), nullable=True, comment="[state] reason of the verdict, told to the holder only"),
        sa.Column("rules", sa.Text(), nullable=False, comment="[state] ids of the rules that decided"),
        sa.Column("policy_version", sa.Text(), nullable=True, comment="[state] version of the policy that decided"),
        sa.Column("authority_reference", sa.Text(), nullable=True, comment="[id] case number at the authority"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when the agreements were accepted"),
        sa.PrimaryKeyConstraint("holder_id", name="pk_holders"),
        comment="One account of one person; personal data only sealed under the account's own data key.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_holders_number_index", "holders", ["number_index", "created_at"], unique=False)


def _create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column(
            "number_index", sa.LargeBinary(), nullable=False, comment="[keyed] blind index of document type and number"
        ),
        sa.Column("holder_id", sa.Text(), nullable=True, comment="[id] the live account, if any"),
        sa.Column("generation", sa.Integer(), nullable=False, comment="[state] counts voluntary re-registrations"),
        sa.Column(
            "service_ended", sa.Integer(), nullable=False, comment="[state] 1 if the service was terminated for breach"
        ),
        sa.PrimaryKeyConstraint("number_index", name="pk_persons"),
        comment="What outlives an account: which generation a citizen number is in, and whether service was ended for it.",
        sqlite_with_rowid=False,
    )


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("device_id", sa.Text(), nullable=False, comment="[id] the device"),
        sa.Column("state", sa.Text(), nullable=False, comment="[state] pending, bound, lost, unbound or superseded"),
        sa.Column("is_primary", sa.Integer(), nullable=False, comment="[state] 1 for the one primary device"),
        sa.Column(
            "label", sa.Text(), nullable=False, comment="[state] coarse kind of browser, such as «Chrome on Android»"
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when the device was first seen"),
        sa.Column("bound_at", sa.BigInteger(), nullable=True, comment="[time] when a message code was confirmed on it"),
        sa.PrimaryKeyConstraint("holder_id", "device_id", name="pk_devices"),
        comment="Browsers and apps bound to an account.",
        sqlite_with_rowid=False,
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the session token"),
        sa.Column("holder_id", sa.Text(), nullable=True, comment="[id] the account, once there is one"),
        sa.Column("device_id", sa.Text(), nullable=True, comment="[id] the device, once it is bound"),
        sa.Column(
            "phone_index",
            sa.LargeBinary(),
            nullable=True,
            comment="[keyed] blind index of the phone that was confirmed",
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when the session began"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="[time] when it ends by itself"),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True, comment="[time] when it was ended"),
        sa.PrimaryKeyConstraint("session_hash", name="pk_sessions"),
        comment="Browser sessions; the token itself is only in the cookie.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_holder_id", "sessions", ["holder_id"], unique=False)


def _create_otp_challenges() -> None:
    op.create_table(
        "otp_challenges",
        sa.Column("challenge_id", sa.Text(), nullable=False, comment="[id] the message"),
        sa.Column("session_hash", sa.LargeBinary(), nullable=False, comment="[keyed] session that asked for it"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="[state] what the code is for"),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False, comment="[keyed] blind index of the phone"),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="[keyed] keyed hash of the digits"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="[state] wrong tries so far"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="[time] when it was sent"),
        sa.Column("used_at", sa.BigInteger(), nullable=True, comment="[time] when it was confirmed"),
        sa.PrimaryKeyConstraint("challenge_id", name="pk_otp_challenges"),
        comment="Message codes that were sent; only keyed hashes.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_otp_challenges_phone_index", "otp_challenges", ["phone_index", "created_at"], unique=False)
    op.create_index("ix_otp_challenges_session_hash", "otp_challenges", ["session_hash", "created_at"], unique=False)


def _create_holder_events() -> None:
    op.create_table(
        "holder_events",
        sa.Column("holder_id", sa.Text(), nullable=False, comment="[id] the account"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="[id] the event; sorts by time"),
        sa.Column("kind", sa.Text(), nullable=False, comment="[state] frozen, bound, activated ..."),
        sa.Column("actor", sa.Text(), nullable=False, comment="[state] who did it: holder, operator, risk, system"),
        sa.Column("detail", sa.Text(), nullable=False, comment="[state] more in machine words; no personal data"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="[time] when it happened"),
        sa.PrimaryKeyConstraint("holder_id", "event_id", name="pk_holder_events"),
        comment="What happened to an account, for its holder to read.",
        sqlite_with_rowid=False,
    )
