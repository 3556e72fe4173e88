"""Commands about cases of misuse."""
