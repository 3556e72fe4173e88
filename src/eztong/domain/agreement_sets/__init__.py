"""Sets of agreements: what belongs to a version of the contract, how one changes, and clauses that no longer apply."""
