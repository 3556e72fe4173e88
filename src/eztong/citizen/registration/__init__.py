"""From the acceptance of the documents to the result of the application."""
