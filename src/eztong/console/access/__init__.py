"""How operators prove who they are beside secret and app: passkeys, backup codes, and once more before grave acts."""
