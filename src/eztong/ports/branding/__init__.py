"""The port of the brand in force."""
