"""Who acts for the service on the command line, and what takes two of them."""
