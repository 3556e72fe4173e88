"""The direct way: whole plain requests of one route, answered without the server's parser and without the framework."""
