"""Retention: periods in force, and how two operators change one."""
