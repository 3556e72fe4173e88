"""What a holder reads about uses, and reports."""
