"""The console's page of operations."""
