"""Use cases: one function per action, the same for every channel.

A use case loads, asks the domain to decide, and saves. It checks in this order: values, visibility, role, state.
"""
