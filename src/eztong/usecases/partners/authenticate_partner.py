"""Know a partner by its API key; issue and revoke keys (clause 4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from eztong.domain.errors import KeyUnknown, NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.api_key import API_KEY_RANDOM_BYTES, PREFIX_LENGTH, make_api_key, parse_api_key
from eztong.domain.partners.expiry import KeyFormUsed
from eztong.domain.partners.life_cycle import check_let_in, check_not_closed
from eztong.domain.partners.partner import ApiKey, Caller, Scope, check_caller
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.webhooks.news import key_created, key_ending, key_revoked
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Store
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.check_person import check_keeps
from eztong.usecases.webhooks.announce import announce

SHOWN_AGAIN_FOR: Final = timedelta(minutes=10)
"""For how long a form that was sent again shows the key that it made: the first answer may never have arrived."""

_FORM: Final = b"api-key-of-a-form\x00"


def authenticate_partner(unverified_key: str, *, stored: Repositories, keys: Keys, now: datetime) -> Caller:
    """Return the partner behind a bearer key.

    Raises:
        KeyUnknown, KeyRevoked, KeyExpired, PartnerSuspended: no answer for this key.
    """
    hashes = keys.macs(MacPurpose.API_KEY, parse_api_key(unverified_key))
    return _find_live(hashes, stored=stored, now=now)[1]


class SeenKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was live when a call came in; :func:`check_still` says whether it is in the unit of work."""

    caller: Caller
    key_hash: bytes
    version: int | None
    """The version of partners and keys that this was true for; None: unknown, so it must be asked again."""


def see_partner(unverified_key: str, *, store: Store, keys: Keys, now: datetime) -> SeenKey:
    """Return the partner behind a bearer key, from memory where a round knew it lately.

    Raises:
        KeyUnknown, KeyRevoked, KeyExpired, PartnerSuspended: no answer for this key.
    """
    hashes = keys.macs(MacPurpose.API_KEY, parse_api_key(unverified_key))
    for key_hash in hashes:
        recalled = store.recall_key(key_hash)
        if recalled is not None:
            caller = check_caller(recalled.partner, recalled.key, now=now)
            return SeenKey(caller=caller, key_hash=key_hash, version=recalled.version)
    with store.read() as stored:
        key_hash, caller = _find_live(hashes, stored=stored, now=now)
    return SeenKey(caller=caller, key_hash=key_hash, version=None)


def check_still(act: Act, seen: SeenKey) -> None:
    """Refuse a call whose key was revoked, or its partner suspended, since it came in.

    Raises:
        KeyUnknown, KeyRevoked, KeyExpired, PartnerSuspended: no answer for this key any more.
    """
    key = seen.caller.key
    if seen.version != act.uow.partners.version:
        key = _find_live([seen.key_hash], stored=act.uow, now=act.now)[1].key
    if key.is_use_worth_noting(act.now):
        note_key_used(act, key)


def note_key_used(act: Act, key: ApiKey) -> None:
    """Write down that a key is used: once an hour, so that its owner sees which ones nobody needs."""
    act.uow.partners.note_key_used(PartnerId(key.partner_id), key.key_id, now=act.now)


def _find_live(hashes: Sequence[bytes], *, stored: Repositories, now: datetime) -> tuple[bytes, Caller]:
    for key_hash in hashes:
        found = stored.partners.key_with_partner(key_hash)
        if found is not None:
            return key_hash, check_caller(*found, now=now)
    raise KeyUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueApiKey:
    """A new key for a partner's servers; ``live`` marks its text, ``life`` ends it by itself (None: never).

    ``once`` is what a form carries that was shown once: sent again with the same words, it makes no second key.
    """

    partner_id: PartnerId
    label: str
    scopes: frozenset[Scope]
    live: bool
    life: timedelta | None = None
    once: str = field(default="", repr=False)


def revoke_api_key(act: Act, partner_id: PartnerId, key_id: str) -> None:
    """Revoke a key: from now on nothing is answered to it, on every door.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: the partner has no such live key.
    """
    check_keeps(act, partner_id, PortalPermission.KEYS_REVOKE, key_id)
    if not act.uow.partners.revoke_key(partner_id, key_id, now=act.now):
        raise NotFound("This partner has no such live key.")
    announce(act, partner_id, [key_revoked(key_id, now=act.now)])
    attest_partner(act, partner_id, ActKind.PARTNER_KEY_REVOKED, facts={"key": key_id})


def rotate_api_key(act: Act, old: str, command: IssueApiKey, *, overlap: timedelta) -> tuple[ApiKey, str]:
    """Make a key in place of the live key ``old``, with its label and scopes; both work until the overlap is over.

    The command's label and scopes are the old key's, whatever it says. One that ends sooner still does.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such partner, or it has no such live key.
        PartnerStateConflict: the partner is closed.
    """
    check_keeper(act, command.partner_id)
    check_not_closed(find_partner(command.partner_id, stored=act.uow))
    found = [key for key in act.uow.partners.keys(command.partner_id) if key.key_id == old and key.is_live(act.now)]
    if not found:
        raise NotFound("This partner has no such live key.")
    made = issue_api_key(act, replace(command, label=found[0].label, scopes=found[0].scopes))
    if overlap:
        ends_at = act.now + overlap
        if act.uow.partners.end_key(command.partner_id, old, at=ends_at):
            # Told within the overlap: half of it before the end at the latest.
            announce(act, command.partner_id, key_ending(replace(found[0], created_at=act.now, expires_at=ends_at)))
    else:
        revoke_api_key(act, command.partner_id, old)
    return made


def issue_api_key(act: Act, command: IssueApiKey) -> tuple[ApiKey, str]:
    """Make a key; return its record and its text, which is shown once and stored nowhere.

    A form that was sent twice gets the key of the first time, for ten minutes: its text is drawn from what the form
    carries, under a key of the service.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRoleMissing, PortalNotOpen: whoever acts may not.
        NotFound: no such partner.
        PartnerStateConflict: the partner is closed, or nobody has approved it yet.
        KeyFormUsed: this form made its key before that, or the key was revoked since.
    """
    check_keeps(act, command.partner_id, PortalPermission.KEYS_MAKE)
    check_let_in(find_partner(command.partner_id, stored=act.uow))
    text = make_api_key(_drawn(act, command), live=command.live)
    earlier = _made_before(act, command, text)
    if earlier is not None:
        return earlier, text
    key = ApiKey(
        key_id=new_id(act, "key"),
        partner_id=command.partner_id,
        label=command.label,
        scopes=command.scopes,
        created_at=act.now,
        expires_at=None if command.life is None else act.now + command.life,
        prefix=text[:PREFIX_LENGTH],
    )
    act.uow.partners.add_key(key, key_hash=act.keys.mac(MacPurpose.API_KEY, parse_api_key(text)))
    announce(act, command.partner_id, key_created(key))
    attest_partner(act, key.partner_id, ActKind.PARTNER_KEY_ISSUED, facts={"key": key.key_id})
    return key, text


def _drawn(act: Act, command: IssueApiKey) -> bytes:
    """Return what the key's text is made of: drawn, or for a form made from what it carries."""
    if not command.once:
        return act.entropy.token(API_KEY_RANDOM_BYTES)
    scopes, life = " ".join(sorted(command.scopes)), "" if command.life is None else str(command.life.days)
    parts = (act.by.name, command.partner_id, command.label, scopes, life, command.once)
    return act.keys.mac(MacPurpose.API_KEY, _FORM + "\x00".join(parts).encode())


def _made_before(act: Act, command: IssueApiKey, text: str) -> ApiKey | None:
    if not command.once:
        return None
    found = act.uow.partners.key_with_partner(act.keys.mac(MacPurpose.API_KEY, parse_api_key(text)))
    if found is None:
        return None
    key = found[1]
    if not key.is_live(act.now) or act.now >= key.created_at + SHOWN_AGAIN_FOR:
        raise KeyFormUsed
    return key
