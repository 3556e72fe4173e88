"""How long what is kept: the list, the bounds, and the versions that change a period."""
