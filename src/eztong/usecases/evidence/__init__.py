"""Acts that become evidence."""
