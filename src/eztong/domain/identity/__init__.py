"""Who somebody is: numbers, names, phones, ages, and what the authority says."""
