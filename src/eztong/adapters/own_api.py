"""The demo partner sites' client: calls this deployment's own ``/v1`` over HTTP, as any partner's server would."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from typing import Final

import httpx
from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.ports.sandbox import PartnerApi, PartnerCall

_TIMEOUT_SECONDS: Final = 10.0


class OwnApi(PartnerApi):
    """Holds one API key for each demo partner; a key is seen in no exchange and in no ``repr``."""

    def __init__(self, base_url: str, keys: Mapping[str, str], *, transport: httpx.BaseTransport | None = None) -> None:
        """Call ``base_url``, where the server really listens, with ``keys`` by partner."""
        self._keys = dict(keys)
        # Proxies of the environment are for other hosts: the address is this machine's own.
        # It speaks plain HTTP, so no list of certificates is read: this one trusts nobody.
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._http = httpx.Client(
            base_url=base_url, timeout=_TIMEOUT_SECONDS, trust_env=False, verify=nobody, transport=transport
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    @override
    def get(self, partner: str, path: str) -> PartnerCall:
        return self._exchange(self._http.build_request("GET", path, headers=self._bearer(partner)), sent=None)

    @override
    def post(self, partner: str, path: str, body: Mapping[str, object], *, idempotency_key: str) -> PartnerCall:
        sent = json.dumps(body, ensure_ascii=False)
        headers = self._bearer(partner) | {"content-type": "application/json", "idempotency-key": idempotency_key}
        request = self._http.build_request("POST", path, content=sent.encode(), headers=headers)
        return self._exchange(request, sent=sent, idempotency_key=idempotency_key)

    def _bearer(self, partner: str) -> dict[str, str]:
        if partner not in self._keys:
            raise Unavailable("The demo partner has no API key; start the service again.")
        return {"authorization": f"Bearer {self._keys[partner]}"}

    def _exchange(self, request: httpx.Request, *, sent: str | None, idempotency_key: str | None = None) -> PartnerCall:
        try:
            answer = self._http.send(request)
        except httpx.HTTPError as error:
            raise Unavailable("The service did not answer its own demo site.") from error
        return PartnerCall(
            method=request.method,
            path=request.url.raw_path.decode(),
            sent=sent,
            idempotency_key=idempotency_key,
            status=answer.status_code,
            received=answer.text,
        )
