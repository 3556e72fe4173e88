"""Tables of what limits accounts."""
