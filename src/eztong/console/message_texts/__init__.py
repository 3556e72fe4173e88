"""The pages of the texts of messages."""
