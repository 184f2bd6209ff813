"""Every recorded exchange through the gateway on litellm's lane: how it is asked for, judged, and tabled."""
