"""Key rings: implementations of the keys port."""
