"""The page of the phone, and the link that keeps the number of before."""
