"""The one way in which a tool fails."""


class Problem(Exception):
    """What went wrong, as a sentence for the user that says what to do; the program prints it and exits with 1."""
