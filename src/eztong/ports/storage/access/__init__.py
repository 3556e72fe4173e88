"""Devices, sessions, PINs and passkeys."""
