"""Commands for partners, merchants and their keys."""
