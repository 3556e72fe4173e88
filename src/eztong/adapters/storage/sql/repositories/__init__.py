"""Repositories over a driver connection: one module per aggregate, columns always named."""
