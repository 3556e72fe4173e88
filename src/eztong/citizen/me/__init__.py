"""The holder's own page: identity, devices, data."""
