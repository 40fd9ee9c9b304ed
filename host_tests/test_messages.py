"""messages.py: the sentence that a user reads."""

from ec2x import errors, link, messages

NAMES = (
    "EACCES EADDRINUSE EAFNOSUPPORT EALREADY EBADF EBUSY ECONNREFUSED ECONNRESET EDESTADDRREQ EHOSTUNREACH EINVAL EISCONN EMSGSIZE"
    " ENFILE ENODEV ENOMEM ENOTCONN EOPNOTSUPP EPIPE ETIMEDOUT"
).split()


class Link:
    def __init__(self, reason):
        self.reason = reason


class Flow:
    def __init__(self, proto, peer=None):
        self.proto = proto
        self.peer = peer


class Listening(Flow):
    port = 2020


class Table:
    def __init__(self, *flows):
        self.flows = flows


def test_every_errno_says_what_to_do():
    for name in NAMES:
        text = messages.sentence(getattr(errors, name), "", None, None)
        assert len(text) > 8, name


def test_no_two_errors_read_the_same():
    texts = [messages.sentence(getattr(errors, name), "", None, None) for name in NAMES]
    assert len(set(texts)) == len(texts)


def test_an_errno_without_a_sentence_says_at_least_what_it_was_about():
    assert messages.sentence(9999, "tcp host:80", None, None) == "tcp host:80"
    assert messages.sentence(9999, "", None, None) == ""


def test_the_sentence_names_the_place_and_the_modules_own_words():
    text = messages.sentence(errors.EBADF, "tcp host:80", None, None)
    assert text == "the socket is closed (tcp host:80)"
    assert messages.sentence(errors.EBADF, "", 14, 0) == "the socket is closed; the module's result is 0; the module says +CME ERROR: 14"
    assert messages.sentence(9999, "", "SIM busy", None) == "; the module says +CME ERROR: SIM busy"


def test_every_reason_for_not_being_online_has_its_sentence():
    texts = [messages.reason(Link(i)) for i in range(1, 12)]
    assert all([len(text) > 8 for text in texts])
    assert len(set(texts)) == len(texts)
    assert messages.reason(Link(0)) == ""


def test_a_fresh_modem_says_that_it_must_be_made_active():
    fresh = link.Link(None)
    assert "active(True)" in messages.describe(fresh)
    assert "active(True)" in messages.sentence(errors.ENOTCONN, fresh, None, None)


def test_a_full_table_names_what_is_open():
    table = Table(Flow("tcp", ("10.0.0.1", 80)), None, Listening("tcp"), Flow("udp"))
    assert messages.describe(table) == "tcp 10.0.0.1:80, tcp *:2020, udp unconnected"
    assert messages.describe(Table()) == ""


def test_a_sentence_given_as_text_stays_as_it_is():
    assert messages.describe("a word") == "a word"
