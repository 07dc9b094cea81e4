"""The words of the web page, a module for each language."""
