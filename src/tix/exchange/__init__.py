"""What other trackers export, as neutral stories.

Pure parsing: bytes in, stories out; no store, no clock. A record that cannot be read becomes a ``Fault`` and
the next one is read; nothing a person wrote is dropped for want of a field of ours.
"""
