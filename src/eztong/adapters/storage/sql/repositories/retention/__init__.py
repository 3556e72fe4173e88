"""What ends by age, over SQL, and the versions that change a period."""
