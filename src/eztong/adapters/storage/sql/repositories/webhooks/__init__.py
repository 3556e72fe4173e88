"""Webhook endpoints and deliveries over SQL."""
