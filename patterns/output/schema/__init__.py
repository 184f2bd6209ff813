"""JSON Schemas of output types: made, written in words, made ready for providers, and checked by."""
