"""The identity envelope opens in JavaScript, with sm-crypto, whichever padding the merchant's code assumes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from eztong.domain.eid.identity_envelope import SESSION_KEY_BYTES, PointPrefix, ReleasedIdentity, seal_identity
from eztong.gm.sm2 import PrivateKey

FOLDER = Path(__file__).parents[3] / "node"
SCALAR = 2**255 + 12345


@pytest.mark.parametrize("padding", ["pkcs#7", "none"])
@pytest.mark.parametrize("name", ["张三", "阿卜杜拉·买买提", "测" * 50])
def test_sm_crypto_opens_the_envelope(name: str, padding: str) -> None:
    identity = ReleasedIdentity(name, "11010519491231002X")
    sealed = seal_identity(
        identity,
        to=PrivateKey.from_scalar(SCALAR).public_key(),
        session_key=bytes(range(SESSION_KEY_BYTES)),
        point_prefix=PointPrefix.NONE,
    )
    asked = {
        "desKey": sealed.des_key,
        "userInfo": sealed.user_info,
        "privateKey": f"{SCALAR:064x}",
        "padding": padding,
    }
    done = subprocess.run(
        ["node", "open-envelope.js"], cwd=FOLDER, input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    assert json.loads(done.stdout) == {"name": name, "idtype": "01", "idnum": identity.number}
