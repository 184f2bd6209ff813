"""What stands between the loop and a gateway: each policy takes an Ask and gives an Ask.

Outermost first they are stacked deadline, fallbacks, cache, retry, breaker, throttle, budget, ask: a fallback has a
cache and a circuit of its own, a hit costs nothing, and the budget sees every single request. Policies that swallow a
failed try append its Attempt to `trail`, the very list in which the loop keeps its own attempts; an error that they
let through carries its last tries in `.attempts`, which are not in the trail.
"""
