"""Webhooks: what a partner's server is told, where, signed how, and what becomes of each delivery."""
