"""Proposals: decide what another operator proposed, and carry it out."""
