"""The holder's contact: the phone that messages go to, and how it changes."""
