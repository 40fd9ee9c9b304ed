"""The board's part of test_mip.py: micropython mip_script.py INDEX TARGET. The frozen mip installs over the modem's sockets."""

import online  # noqa: F401  the first of all

import sys

import mip

INDEX, TARGET = sys.argv[1:]

mip.install("things", index=INDEX, target=TARGET, mpy=False)
mip.install("things", index=INDEX, target=TARGET, version="1.2", mpy=False)  # what is there already is not fetched again
mip.install(INDEX + "/elsewhere/package.json", target=TARGET)
mip.install(INDEX + "/elsewhere/alone.py", target=TARGET)
mip.install("nothing", index=INDEX, target=TARGET)
sys.path.insert(0, TARGET)
import things.one  # noqa: E402

print("imported", things.one.VALUE)
