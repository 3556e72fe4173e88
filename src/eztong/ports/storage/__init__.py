"""The storage port: one module for each aggregate."""
