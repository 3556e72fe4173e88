"""The partner portal: who of a partner acts there, with which role, and what each may do."""
