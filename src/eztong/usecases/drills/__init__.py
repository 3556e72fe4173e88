"""Drills of backups: asked for, and what came of the last one."""
