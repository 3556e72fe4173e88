"""Forms that operators' browsers sent, over SQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, select_where, update_where
from eztong.adapters.storage.sql.tables.operators.sent_forms import sent_forms
from eztong.domain.operators.sent_form import SentForm
from eztong.ports.storage.operators.sent_forms import SentFormRepository

_KEYS: Final = ("session_hash", "form_hash")
_ADD = Statement(insert(sent_forms).on_conflict_do_nothing(), keys=sent_forms.columns.keys())
_GET = select_where(sent_forms, *_KEYS)
_LEAD = update_where(sent_forms, keys=_KEYS, columns=("led_to",))
_REMOVE = Statement(
    delete(sent_forms).where(
        sent_forms.c.session_hash == bindparam("session_hash"), sent_forms.c.form_hash == bindparam("form_hash")
    )
)


class SqlSentForms(SentFormRepository):
    """Sent forms over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, form: SentForm) -> bool:
        return self._db.run(_ADD, _of(form) | {"sent_at": to_ms(form.sent_at), "led_to": form.led_to}) == 1

    @override
    def get(self, session_hash: bytes, form_hash: bytes) -> SentForm | None:
        row = self._db.one(_GET, {"session_hash": session_hash, "form_hash": form_hash})
        return None if row is None else _form(row)

    @override
    def lead(self, form: SentForm) -> None:
        self._db.run(_LEAD, _of(form) | {"set_led_to": form.led_to})

    @override
    def remove(self, form: SentForm) -> None:
        self._db.run(_REMOVE, _of(form))


def _of(form: SentForm) -> dict[str, object]:
    return {"session_hash": form.session_hash, "form_hash": form.form_hash}


@reads(sent_forms)
def _form(row: Row) -> SentForm:
    return SentForm(session_hash=row[0], form_hash=row[1], sent_at=from_ms(row[2]), led_to=row[3])
