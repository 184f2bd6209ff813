"""The fast lane: our own words for a provider's wire, over one pooled HTTP client, without importing litellm."""
