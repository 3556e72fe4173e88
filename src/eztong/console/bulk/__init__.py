"""The same act on several rows of a queue: looked at first, then done, row by row."""
