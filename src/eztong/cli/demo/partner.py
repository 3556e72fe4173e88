"""A partner's server: an API key and HTTP, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import httpx

_TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON document."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """The problem's stable code; empty if it is none."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class PlayedPartner:
    """One partner with its first scene and desk."""

    def __init__(self, base_url: str, credentials: dict[str, Any]) -> None:
        self._client = httpx.Client(
            base_url=base_url,
            headers={"authorization": f"Bearer {credentials['api_key']}"},
            timeout=_TIMEOUT_SECONDS,
        )
        self.scene: Final[str] = credentials["scenes"][0]
        self.desk: Final[str | None] = next(iter(credentials["desks"]), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._client.close()

    def verify(self, code: str) -> Answer:
        """Send a code as it was scanned or typed."""
        body = {"code": code, "scene": self.scene, "wants": ["is_person"]}
        return self.post("/v1/verifications", body if self.desk is None else body | {"desk": self.desk})

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Send a JSON body."""
        return _answer(self._client.post(path, json=body))

    def get(self, path: str) -> Answer:
        """Read an address."""
        return _answer(self._client.get(path))

    def download(self, path: str) -> bytes:
        """Read an address as it is."""
        return self._client.get(path).raise_for_status().content


def _answer(response: httpx.Response) -> Answer:
    return Answer(response.status_code, response.json())
