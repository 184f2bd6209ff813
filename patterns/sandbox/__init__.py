"""Generated code, looked at from a distance: checked to compile, never executed."""
