"""Disputes: evidence bundles, and the help that a holder asks for."""
