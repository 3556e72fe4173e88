"""Tables of deregistration."""
