"""What helps a person who writes templates: drafts of new ones, and what a change does to old ones."""
