"""Configuration as code."""
