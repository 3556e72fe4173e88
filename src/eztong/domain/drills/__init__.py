"""Drills: a backup is made, restored elsewhere and checked, so that it is known to be of use."""
