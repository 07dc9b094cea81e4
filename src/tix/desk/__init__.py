"""The use cases: one function for each thing somebody does, the same for every channel.

A use case loads, asks the domain to decide, and saves; it checks in the order of the interface page: values,
visible, role, state.
"""
