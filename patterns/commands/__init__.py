"""The commands of the shell, one a file; `patterns.cli` puts them together."""
