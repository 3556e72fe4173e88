"""The ports of the brand's versions."""
