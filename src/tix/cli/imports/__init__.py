"""What `tix import` shows and asks before it imports."""
