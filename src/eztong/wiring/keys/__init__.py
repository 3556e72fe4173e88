"""How the keys of a service are wired: which token holds some of them."""
