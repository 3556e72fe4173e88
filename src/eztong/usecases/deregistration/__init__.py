"""Deregistration: asked for, undone, executed, read (clause 2.13)."""
