"""Notifiers: how a message reaches a phone."""
