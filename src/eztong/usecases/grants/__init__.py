"""Withdrawing grants, switching partners off and on."""
