"""The SQLite store: files, connections, marks and tags of rows."""
