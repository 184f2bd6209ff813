"""`python -m patterns` is the same as `patterns`."""

from patterns.cli import main

main()
