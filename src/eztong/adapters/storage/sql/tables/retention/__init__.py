"""Tables of the retention."""
