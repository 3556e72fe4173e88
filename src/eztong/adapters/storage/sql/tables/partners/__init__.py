"""Tables of partners and of their applications."""
