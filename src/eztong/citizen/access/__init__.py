"""Sign-in, unlock, passkeys, and whose browser this is."""
