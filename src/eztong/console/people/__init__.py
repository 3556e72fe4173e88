"""Finding people, exactly and never by a part, and what there is of one of them."""
