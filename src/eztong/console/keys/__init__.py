"""The keys of the service: what there is and what was done to them."""
