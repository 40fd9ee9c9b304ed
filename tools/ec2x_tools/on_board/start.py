"""What `import application` runs where the application is a folder: its main.py, which finds there what lies beside it."""

import os
import sys

sys.path[:] = [__path__] + [path or "/" for path in sys.path]  # noqa: F821  "" is where it is, and that changes now
try:
    os.chdir(__path__)  # noqa: F821
except OSError:  # a ROMFS cannot be changed to
    pass
del sys.modules[__name__]  # a module of its own may have that name
import main  # noqa: F401
