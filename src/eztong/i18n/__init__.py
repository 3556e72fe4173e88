"""What people read: catalogues of sentences, the choice of a language, dates in words."""
