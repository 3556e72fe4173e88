"""The consent record of an acceptance: ISO/IEC TS 27560:2023 with terms of the W3C Data Privacy Vocabulary, as JSON-LD.

It says in terms of a standard what the user authorisation agreement says in words (its sections 1 to 6), and what the
holder did about it. The person is the salted commitment of the receipt. docs/specs/consent-record.md lists the fields.
Accepting the service agreement is no consent to processing but a contract: it has a receipt, and no consent record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.agreements import Acceptance, AgreementKind, commitment
from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotFound

SCHEMA: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
CONTEXT: Final[Mapping[str, str]] = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes, written into each record: nothing is fetched to read one."""

_COUNTRY: Final = "loc:CN"
_EVIDENCE_KEPT: Final = "P3Y"
_REQUIRED, _OPTIONAL = "dpv:Required", "dpv:Optional"
_PURPOSES: Final = (
    ("dpv:IdentityVerification", "核对身份", "verifying who the person is"),
    ("dpv:IdentityAuthentication", "认证本人", "confirming the person to partners"),
    ("dpv:EnforceSecurity", "保护账号安全", "keeping the account safe"),
    ("dpv:RecordManagement", "留存证据", "keeping evidence"),
)
_DATA: Final = (
    ("pd:Name", "姓名", "name", _REQUIRED),
    ("pd:OfficialID", "身份证件的种类和号码", "kind and number of the identity document", _REQUIRED),
    ("pd:TelephoneNumber", "手机号码", "phone number", _REQUIRED),
    ("pd:IPAddress", "同意时的网络地址", "network address at the consent", _REQUIRED),
    ("pd:EmailAddress", "电子邮箱", "e-mail address", _OPTIONAL),
)
_SENSITIVE: Final = "pd:OfficialID"
_RIGHTS: Final = "dpv:DataSubjectRight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who processes, as the agreement names them. ``site`` is the service's address, without a slash at its end."""

    operator: str
    contact: str
    site: str
    authority: str


def consent_record(acceptance: Acceptance, *, parties: Parties) -> dict[str, Any]:
    """Return the record of an acceptance, with its withdrawal if it was withdrawn.

    Raises:
        NotFound: what was accepted is no consent to processing.
    """
    if acceptance.kind is not AgreementKind.AUTHORISATION:
        raise NotFound
    subject = f"sm3:{commitment(salt=acceptance.salt, holder_id=acceptance.holder_id)}"
    return {
        "@context": {**CONTEXT, "dct:date": {"@type": "xsd:dateTime"}, "dct:created": {"@type": "xsd:dateTime"}},
        "@id": f"{parties.site}/me/agreements/{acceptance.acceptance_id}/record",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": acceptance.acceptance_id,
        "dct:conformsTo": SCHEMA,
        "dct:created": render_time(acceptance.accepted_at),
        "dct:source": f"{parties.site}/me/agreements/{acceptance.acceptance_id}/receipt",
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:identifier": subject},
        "dpv:hasDataController": _party(parties, "operator", parties.operator, "dpv:DataController"),
        "dpv:hasNotice": _notice(acceptance, parties),
        "dpv:hasProcess": _process(parties),
        "dpv:hasConsentStatus": _events(acceptance, subject),
    }


def _notice(acceptance: Acceptance, parties: Parties) -> dict[str, Any]:
    return {
        "@type": "dpv:ConsentNotice",
        "@id": f"{parties.site}/me/agreements/{acceptance.acceptance_id}",
        "dct:identifier": f"sm3:{acceptance.text_hash}",
        "dct:title": acceptance.title,
        "dct:hasVersion": acceptance.version,
        "dct:language": acceptance.language,
        "dct:date": render_time(acceptance.shown_at),
    }


def _process(parties: Parties) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [{"@type": kind, "dct:title": _titles(zh, en)} for kind, zh, en in _PURPOSES],
        "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
        "dpv:hasPersonalData": [_datum(kind, zh, en, need) for kind, zh, en, need in _DATA],
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Use", "dpv:Disclose", "dpv:Erase"],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": _COUNTRY},
            {
                "@type": "dpv:StorageDuration",
                "dpv:hasDuration": _EVIDENCE_KEPT,
                "dct:description": _titles(
                    "身份信息保存到账号注销办结为止，届时销毁密钥；同意记录与认证证据在账号结束后再保存三年",
                    "identity data until the account is ended, when its key is destroyed; evidence three years longer",
                ),
            },
        ],
        "dpv:hasJurisdiction": _COUNTRY,
        "dpv:hasRecipient": _recipients(parties),
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "@id": f"{parties.site}/me/agreements/withdraw",
            "dct:description": _titles(
                "我的 > 我签过的协议 > 撤回授权；按两次，不用解锁", "Me > My agreements > Withdraw; two presses"
            ),
        },
        "dpv:hasRight": {"@type": _RIGHTS, "@id": f"{parties.site}/me/data"},
    }


def _datum(kind: str, zh: str, en: str, need: str) -> dict[str, Any]:
    kinds = [kind, "dpv:SensitivePersonalData" if kind == _SENSITIVE else "dpv:PersonalData"]
    return {"@type": kinds, "dct:title": _titles(zh, en), "dpv:hasNecessity": need}


def _recipients(parties: Parties) -> list[dict[str, Any]]:
    partner = {
        "@type": "dpv:ThirdParty",
        "@id": f"{parties.site}/grants",
        "dct:description": _titles(
            "您向其出示编码或者同意其请求的合作方：默认只得到结果和代号",
            "partners to whom the holder shows a code or approves a request: by default a result and a pseudonym",
        ),
    }
    return [_party(parties, "authority", parties.authority, "dpv:ThirdParty"), partner]


def _party(parties: Parties, name: str, title: str, role: str) -> dict[str, Any]:
    return {
        "@type": ["dpv:LegalEntity", role],
        "dct:identifier": f"{parties.site}/#{name}",
        "dpv:hasName": title,
        "dpv:hasAddress": parties.site,
        "dpv:hasContact": parties.contact,
    }


def _events(acceptance: Acceptance, subject: str) -> Sequence[dict[str, Any]]:
    given = {
        "@type": "dpv:ConsentGiven",
        "dct:date": render_time(acceptance.accepted_at),
        "dct:valid": "until withdrawn",
        "dpv:isImplementedByEntity": subject,
        "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
        "dpv:hasIndicationMethod": acceptance.act,
    }
    if acceptance.withdrawn_at is None:
        return [given]
    ended = {"@type": "dpv:ConsentWithdrawn", "dct:date": render_time(acceptance.withdrawn_at), "dct:valid": "ended"}
    return [given, {**given, **ended, "dpv:hasIndicationMethod": "dpv:WithdrawConsent"}]


def _titles(zh: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "zh-CN", "@value": zh}, {"@language": "en", "@value": en}]
