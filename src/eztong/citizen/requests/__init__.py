"""A partner's request as pages: asked, answered, the receipt."""
