"""Tables of the texts of messages."""
