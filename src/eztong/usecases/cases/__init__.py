"""Cases: look into misuse of an account, decide a measure, hear its holder (clause 2.10)."""
