"""Devices, message codes, PIN, passkeys, unlock."""
