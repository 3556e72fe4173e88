"""Webhooks: endpoints are managed, events announced, deliveries made, looked at and sent again."""
