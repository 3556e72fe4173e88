"""Graded protection: which control points there are, and what of a deployment speaks for each."""
