"""Requests of partners, and refusals that last a while."""
