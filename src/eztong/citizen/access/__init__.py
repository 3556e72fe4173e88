"""Sign-in, unlock and passkeys."""
