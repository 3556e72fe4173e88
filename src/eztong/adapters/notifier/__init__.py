"""Notifiers: how a message reaches a phone, and in which words."""
