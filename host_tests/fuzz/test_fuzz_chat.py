"""Requests of every kind to a module that says anything: each ends once and in time, and afterwards the channel is in step."""

from hypothesis import strategies as st

from ec2x.request import OK
from fuzz.mouth import Conversation
from fuzz.targets import target
from fuzz.tokens import noise

# What the quarantine takes at most: the rest of a payload, a module that never falls silent, three probes with an escape each;
# and where a payload is owed the time in which its prompt may come.
_IN_STEP_MS = 2000 + 3000 + 3 * (500 + 100 + 100) + 1000
_OWED_MS = 30_000

payloads = st.one_of(st.none(), st.binary(max_size=600), noise, st.sampled_from((b"+QFWDSEND: 1,2\r\n", b"  \r\n", b"OK\r\n", b"+" * 1024)))

asks = st.tuples(
    st.just("ask"),
    st.sampled_from((b"AT", b"AT+QFWDSEND=40000,0,5", b"AT+X")),
    st.sampled_from((b"", b"+QFWDSEND:", b"+QFWDRECV:", b"+C")),
    st.booleans(),
    st.sampled_from((100, 300, 5000)),
    payloads,
    st.sampled_from((0, 26)),
)
acts = st.lists(
    st.one_of(
        asks,
        st.tuples(st.just("say"), noise),
        st.tuples(st.just("say"), st.sampled_from((b"\r\n> ", b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\n+QFWDSEND: 40000,5\r\n"))),
        st.tuples(st.just("pass_"), st.sampled_from((10, 100, 300, 1000, 6000))),
        st.tuples(st.just("takes"), st.sampled_from((0, 1, 7, 40, 65536))),
        st.tuples(st.sampled_from(("step", "upset"))),
    ),
    max_size=25,
)
counts = st.lists(st.sampled_from((0, 0, 0, None, -1, 1, 5, 1024)), min_size=1, max_size=5)


@target(300, acts, counts, st.booleans())
def test_each_request_ends_once_and_in_time_and_then_the_channel_is_in_step(acts, counts, chatty):
    talk = Conversation(counts)
    for name, *drawn in acts:
        if name == "takes":
            talk.uart.takes = drawn[0]
        elif name == "upset":
            talk.chat.upset()
        else:
            getattr(talk, name)(*drawn)
        if name != "pass_":
            talk.step()
    del talk.waiting[:]
    talk.uart.takes = 65536
    talk.uart.honest = True
    talk.chatty = chatty
    talk.chat.upset()
    talk.pass_(_IN_STEP_MS + (_OWED_MS if talk.chat.owed else 0))
    lost = talk.lost
    for payload in (None, b"payload"):
        request = talk.ask(b"AT+NEW", b"+NEW:", False, 1000, payload, 13)
        talk.pass_(1000)
        assert request.ended == [OK], "not in step"
    assert talk.lost == lost
