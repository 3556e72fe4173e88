"""What the use cases need from outside, as Protocols; each docstring is the contract that the contract tests check."""
