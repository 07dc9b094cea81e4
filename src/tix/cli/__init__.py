"""The shell: what a person types and reads. A command module holds no rule of the desk."""
