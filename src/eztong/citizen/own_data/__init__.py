"""Corrections of what was checked."""
