"""The texts of messages: what replaces a text of the program, and since when."""
