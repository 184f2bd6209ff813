"""Functions of the user's that a model may call: how it is told of them, how they are run, what it is told back."""
