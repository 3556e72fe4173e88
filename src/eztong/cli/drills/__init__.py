"""``eztong drill``: a backup is made, restored elsewhere and checked."""
