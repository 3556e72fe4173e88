"""What every door with pages shares: visits, forms, error pages, base templates, static files, the visual language."""
