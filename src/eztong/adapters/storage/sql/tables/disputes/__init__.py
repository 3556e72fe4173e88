"""Tables of disputes and of evidence."""
