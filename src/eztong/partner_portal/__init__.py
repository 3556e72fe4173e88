"""The partner portal: a partner's own people see what it asked, and keep its keys, webhooks, desks and themselves."""

from eztong.partner_portal.door import routes

__all__ = ["routes"]
