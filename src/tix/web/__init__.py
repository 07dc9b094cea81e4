"""The web page: forms and pages become calls of use cases, and their records become HTML. It decides nothing."""
