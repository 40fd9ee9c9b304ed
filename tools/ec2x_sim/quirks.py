"""Where the manual can be read in two ways: one named choice a row (E-rows of the list of gaps)."""

# name: (the readings, the plain one first)
READINGS = {
    # E25: what <result> says when something failed. "1": 1 whatever it was; "errno": the
    # Linux errno; "55x": the codes of the module's own TCP/IP stack; "neg": minus the errno.
    "result_style": ("1", "errno", "55x", "neg"),
}


def check(quirks):
    """The full set of choices, from the few that were given; ValueError names what is unknown."""
    chosen = {}
    for name in READINGS:
        chosen[name] = READINGS[name][0]
    for name in quirks or {}:
        if name not in READINGS:
            raise ValueError("unknown quirk %r; known are %s" % (name, ", ".join(sorted(READINGS))))
        if quirks[name] not in READINGS[name]:
            raise ValueError("quirk %s takes one of %s, not %r" % (name, ", ".join(READINGS[name]), quirks[name]))
        chosen[name] = quirks[name]
    return chosen


# assumed: 55x as in the module's own TCP/IP stack; nothing says that QFWD shares them.
_CODES = {"connect": 566, "dns": 565, "bind": 556, "busy": 574, "timeout": 569, "pdp": 561}


def result(style, kind, errno):
    """<result> of server/open or client/open for a failure of this kind."""
    if style == "1":
        return 1
    if style == "errno":
        return errno
    if style == "neg":
        return -errno
    return _CODES[kind]
