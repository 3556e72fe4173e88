"""Sets of agreements: drafted, published by two operators, brought into force, and told to every holder."""
