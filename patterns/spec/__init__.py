"""Spec tests of templates: files that say which messages come out, and what is read from which answer."""
