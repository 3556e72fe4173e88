"""Evidence: attest an act of weight."""
