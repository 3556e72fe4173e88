"""Partners, their keys, and the code that each holder has with them."""
