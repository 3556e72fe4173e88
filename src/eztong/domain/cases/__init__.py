"""Cases: what the service does about misuse of an account, and how its holder objects (clause 2.10)."""
