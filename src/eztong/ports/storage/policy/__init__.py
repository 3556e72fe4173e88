"""The ports of the policy's versions and of the decisions that were made by them."""
