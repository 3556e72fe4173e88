"""What can be wrong with a keyring; each says what the operator should do. No text holds a secret."""

from __future__ import annotations

from eztong.domain.errors import EztongError


class KeyringProblem(EztongError):
    """The keyring cannot be used, or may not be changed like this."""

    code = "keyring_unusable"
    advice = "Restore keyring and root key from the same backup; without them sealed data cannot be opened."


class KeyringMissing(KeyringProblem):
    """There is no keyring or no root key where the settings say."""

    code = "keyring_missing"
    advice = "Run: eztong keys init. If this installation has data already, restore the keyring instead."


class KeyringExists(KeyringProblem):
    """A keyring was to be made where there is one. It is never overwritten."""

    code = "keyring_exists"
    advice = "Use the keyring that is there, or move it away first; data sealed with it needs it."


class KeyringExposed(KeyringProblem):
    """Others than the service's user may read or change the keyring or the root key."""

    code = "keyring_exposed"
    advice = "Take the rights from group and others: chmod 700 on the folder, chmod 600 on the files."


class KeyringDamaged(KeyringProblem):
    """The keyring is not what was written: cut off, edited, or made of parts of several."""

    code = "keyring_damaged"
    advice = "Restore the keyring from a backup, with the root key that belongs to it."


class RootKeyWrong(KeyringProblem):
    """The root key is malformed, or is not the one that this keyring was written with."""

    code = "root_key_wrong"
    advice = (
        "Point EZTONG_ROOT_KEY_FILE, or EZTONG_TOKEN_ROOT_LABEL, to the root key of this keyring, or restore both "
        "from the same backup."
    )


class KeyringRolledBack(KeyringProblem):
    """The file lost keys that are in use: an older copy was put in its place. The keys in use stay."""

    code = "keyring_rolled_back"
    advice = "Restore the newest keyring; what was sealed since needs the keys that are missing in this one."


class PurposeUnknown(KeyringProblem):
    """There are no keys for such a purpose."""

    code = "purpose_unknown"
    advice = "Name one of the purposes that `eztong keys list` shows."


class TokenProblem(KeyringProblem):
    """A token (HSM) that holds a key of the service cannot be used."""

    code = "token_unusable"
    advice = "See to the token; `eztong keys token` says what it finds."


class TokenMissing(TokenProblem):
    """There is no such module, no such token in it, or no such key in the token."""

    code = "token_missing"
    advice = "Check EZTONG_TOKEN_MODULE, EZTONG_TOKEN_LABEL or EZTONG_TOKEN_SERIAL, and EZTONG_TOKEN_ROOT_LABEL."


class TokenPinWrong(TokenProblem):
    """The token does not take the PIN. It is not tried again: tokens lock after a few wrong ones."""

    code = "token_pin_wrong"
    advice = (
        "Put the right PIN into EZTONG_TOKEN_PIN_FILE, then run `eztong keys token --try-pin`: one right try lets the "
        "service use the token again."
    )


class TokenMechanismMissing(TokenProblem):
    """The token does not do what it is asked for."""

    code = "token_mechanism_missing"
    advice = "Use a token that does it, or one whose policy allows it; docs/operations.md says what is needed."


class RootChangeRefused(KeyringProblem):
    """The root key cannot be changed like this. Nothing was changed."""

    code = "root_change_refused"
    advice = "See what opens the ring: eztong keys status."
