"""Merchants of the Tencent Cloud door and their certificates."""
