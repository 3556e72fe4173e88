"""E证通 flows and what integrators encrypt for them."""
