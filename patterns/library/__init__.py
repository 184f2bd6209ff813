"""Ready patterns: a template file and an output type each."""
