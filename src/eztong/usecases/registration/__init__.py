"""From the accepted documents to a decided application."""
