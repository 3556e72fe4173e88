"""What surrounds the pages: start, about, the installable app."""
