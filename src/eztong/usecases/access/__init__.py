"""Sessions, message codes, sign-in, unlock and devices."""
