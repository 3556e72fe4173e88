"""Family: the people that somebody acts for, and who acts for a minor."""
