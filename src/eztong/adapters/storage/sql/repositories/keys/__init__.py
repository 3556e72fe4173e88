"""What is sealed, for whoever changes keys."""
