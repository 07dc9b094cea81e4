"""Mail in files: mbox, single messages, maildirs and folders of them; reading and writing."""
