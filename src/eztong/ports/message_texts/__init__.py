"""The port of the texts in force."""
