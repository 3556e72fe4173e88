"""What limits an account without stopping it: marks, the validity of its document, and checking the identity again."""
