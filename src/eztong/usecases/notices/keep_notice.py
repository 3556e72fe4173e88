"""Keep what is told to a holder, in the same transaction, so that it can be read again (clause 2.7)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from eztong.domain.identifiers import HolderId
from eztong.domain.notices import ONLY_SENT, Message, Notice
from eztong.ports.act import Act
from eztong.usecases.vault import Vault

_TABLE = "holder_notices"


def keep_notice(act: Act, vault: Vault, message: Message, message_id: str) -> None:
    """Store ``message`` for the owner of ``vault``, without what would act by itself; it counts as unread."""
    kept = {name: value for name, value in message.params.items() if name not in ONLY_SENT}
    sealed = vault.seal(message_id, json.dumps(kept).encode(), entropy=act.entropy, table=_TABLE)
    act.uow.notices.add(
        Notice(
            holder_id=HolderId(vault.owner),
            notice_id=message_id,
            topic=message.topic.value,
            sealed=sealed,
            at=act.now,
        )
    )


def open_notice(notice: Notice, vault: Vault) -> Mapping[str, str]:
    """Return the params of a notice.

    Raises:
        SealedDataDamaged: it was changed in the store, or is another account's.
    """
    params: dict[str, str] = json.loads(vault.open(notice.notice_id, notice.sealed, table=_TABLE))
    return params
