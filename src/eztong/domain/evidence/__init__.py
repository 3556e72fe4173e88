"""Trees, signed notes and proofs."""
