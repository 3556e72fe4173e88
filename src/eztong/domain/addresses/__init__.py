"""Addresses: the networks that clients come from, addresses that callers give, and links of this deployment."""
