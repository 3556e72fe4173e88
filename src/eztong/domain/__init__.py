"""Nouns, rules and state machines: values in, values or exceptions out. No clock, no randomness, no I/O."""
