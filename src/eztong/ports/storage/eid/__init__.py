"""E证通 flows and integrators' session keys."""
