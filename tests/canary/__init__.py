"""Keys that must never be seen again: every way that a key goes, and the search for it in all that is left behind."""
