"""The brand: proposed, published by two operators, and what is in force."""
