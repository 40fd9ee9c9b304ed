"""errors.py: what an application catches."""

import sys

from ec2x import errors
from ec2x.errors import ModemError
from expect import raises

NAMES = (
    "EACCES EADDRINUSE EAFNOSUPPORT EAGAIN EALREADY EBADF EBUSY ECONNREFUSED ECONNRESET EDESTADDRREQ EHOSTUNREACH EINPROGRESS"
    " EINVAL EISCONN EMSGSIZE ENFILE ENODEV ENOMEM ENOTCONN EOPNOTSUPP EPIPE ETIMEDOUT"
).split()


def fail(*args):
    raise ModemError(*args)


def test_an_application_that_knows_only_oserror_catches_it_with_a_real_errno():
    import errno

    error = raises(OSError, fail, errors.ECONNRESET)
    assert error.errno == error.args[0] == errno.ECONNRESET
    assert isinstance(error, ModemError)


def test_every_errno_that_the_driver_raises_has_a_name_and_a_number_of_its_own():
    numbers = [getattr(errors, name) for name in NAMES]
    assert len(set(numbers)) == len(NAMES)
    assert all([number > 0 for number in numbers])


def test_the_numbers_that_micropython_lacks_are_those_of_a_kernel():
    assert (errors.EBUSY, errors.ENFILE, errors.EPIPE, errors.EDESTADDRREQ) == (16, 23, 32, 89)
    assert (errors.EMSGSIZE, errors.EAFNOSUPPORT, errors.EISCONN) == (90, 97, 106)


def test_what_the_module_said_is_kept():
    error = raises(ModemError, fail, errors.ECONNREFUSED, "tcp host:80", 50, 566)
    assert error.cme == 50
    assert error.result == 566
    assert "tcp host:80" in str(error)
    assert "50" in str(error) and "566" in str(error)


def test_what_the_module_did_not_say_is_none():
    error = raises(ModemError, fail, errors.ETIMEDOUT)
    assert error.cme is None and error.result is None
    assert "None" not in str(error)


def test_the_sentences_cost_no_memory_until_the_first_error():
    sys.modules.pop("ec2x.messages", None)
    raises(ModemError, fail, errors.EBADF)
    assert "ec2x.messages" in sys.modules
