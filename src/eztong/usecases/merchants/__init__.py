"""Merchants of the Tencent Cloud door: accounts, keys, certificates."""
