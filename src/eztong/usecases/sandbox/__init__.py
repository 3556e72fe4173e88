"""Acting as the sandbox's invented people."""
