"""Configuration as code: what operators set up, as a document, and how it differs from another one."""
