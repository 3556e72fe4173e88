"""Commands about talks with the service."""
