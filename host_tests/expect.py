"""An error that a test expects."""


def raises(kind, call, *args, **named):
    """Calls; returns the error of this kind, and fails when there is none."""
    try:
        call(*args, **named)
    except kind as error:
        return error
    raise AssertionError("no error was raised")
