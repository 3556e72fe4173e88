"""The Tencent Cloud door: the API 3.0 dialect of ``faceid`` 2018-03-01, for unmodified official SDKs."""
