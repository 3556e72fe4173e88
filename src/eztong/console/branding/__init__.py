"""The console's pages of the brand."""
