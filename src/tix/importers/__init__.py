"""Read files of other programs as neutral records.

Pure parsing: bytes in, records out; no store, no clock. A record that cannot be read becomes a ``Fault`` and the
next one is read; nothing a person wrote is dropped because tix has no field for it.
"""
