"""The ports of partners and of their applications."""
