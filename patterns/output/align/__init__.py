"""Trees to typed values: the least bent reading of a candidate under a type, with every bend on record."""
