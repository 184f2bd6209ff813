"""What stands between the loop and a gateway: each policy takes an Ask and gives an Ask.

Outermost first they are stacked fallback, retry, budget, ask, so that the budget sees every single request. Policies
that swallow a failed try append its Attempt to `trail`, the very list in which the loop keeps its own attempts; an
error that they let through carries its last tries in `.attempts`, which are not in the trail.
"""
