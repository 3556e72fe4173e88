"""Tables of assistances."""
