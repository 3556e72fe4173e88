"""What measures this repository itself: sizes, imports, what the tests reach, and what they would notice."""
