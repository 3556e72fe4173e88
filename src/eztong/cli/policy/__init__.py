"""``eztong policy``: versions of the policy for applications, and what one would change."""
