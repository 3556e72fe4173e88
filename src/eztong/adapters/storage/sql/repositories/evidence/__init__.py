"""Evidence besides the batches themselves."""
