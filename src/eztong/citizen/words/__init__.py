"""What journeys say alike: records, what was told, agreements, files to keep."""
