"""For firmware that has ec2x frozen: include() it from the manifest of your board."""
# ruff: noqa: F821

import json

with open("package.json") as _file:  # beside this one, which is where a manifest runs
    _package = json.load(_file)

metadata(description="Sockets over a Quectel EC25, EC21 or EC20 R2.1", version=_package["version"], license="MIT")
package("ec2x", files=[target[len("ec2x/") :] for target, _ in _package["urls"]], opt=3)
