"""The ports of the holder's contact: the phone and its changes."""
