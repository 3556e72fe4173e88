"""The way back into an account: at once, or after waiting."""
