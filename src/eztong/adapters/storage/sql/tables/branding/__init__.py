"""Tables of the brand's versions."""
