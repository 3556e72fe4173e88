"""The ports of what ends by age."""
