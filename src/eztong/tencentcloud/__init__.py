"""The Tencent Cloud API 3.0 door: the ``faceid`` dialect of version 2018-03-01 over the service's own use cases."""
