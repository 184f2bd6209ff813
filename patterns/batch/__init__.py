"""Many rows through one coroutine function."""
