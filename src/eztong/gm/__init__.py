"""The cryptography room: SM2, SM3, SM4 and their encodings, over OpenSSL 3 and `cryptography`.

Rules of the room:

- it imports nothing of ours, keeps no state but keys and does no I/O besides loading libcrypto;
- a check that fails raises (`eztong.gm.errors`); nothing security-relevant returns a boolean;
- nonces are arguments; only SM2 (key pairs, signature nonces, ephemeral keys) draws randomness,
  and it draws it inside OpenSSL;
- encodings are strict DER: one value has exactly one encoding, so a signature cannot be rewritten;
- the SM4 modes that only exist for compatibility live in `eztong.gm.dangerous`.
"""
