"""The ports of operators, proposals and attested acts."""
