"""Tables of operators, of what takes two of them, and of acts that are attested."""
