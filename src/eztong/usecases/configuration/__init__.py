"""Configuration as code: read, compared, applied."""
