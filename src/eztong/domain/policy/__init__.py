"""The policy for applications as versions: what one says, how it decides, and when it is in force."""
