"""What auditors and assessors ask of a deployment: the pack, and the control points of graded protection."""
