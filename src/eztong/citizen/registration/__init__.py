"""From the documents to the result of the application."""
