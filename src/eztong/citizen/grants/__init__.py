"""Who may ask, and what was granted."""
