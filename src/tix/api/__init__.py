"""HTTP: requests become calls of use cases, and their records become answers. It decides nothing."""
