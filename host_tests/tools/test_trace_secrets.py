"""trace: what the driver would not show is in nothing that the tool makes, though the file has it."""

from hypothesis import given, settings
from hypothesis import strategies as st

import confidential
from ec2x_tools.trace import capture, picture, reading, transcript
from ec2x_tools.trace.dialogue import Dialogue
from traces import printed, run

PASSWORD = st.from_regex(r"Zq[a-zA-Z0-9]{6,12}", fullmatch=True)
NUMBER = st.from_regex(r"86739[0-9]{10}", fullmatch=True)

# What a wire has that nobody masked; the names are the driver's.
COMMANDS = ('AT+CPIN="{}"', 'at+cpin="{}"', 'AT+CPIN="{}","00427193"', 'AT+QICSGP=1,1,"apn","me","{}",1', 'AT+CGAUTH=1,1,"me","{}"')
COMMANDS += ('AT+CSQ;+CLCK="SC",0,"{}"', 'AT+CPWD="SC","{}","1"', 'AT+QMTCONN=0,"id","me","{}"', 'AT+QFTPCFG="account","me","{}"')
ANSWERS = ('+QICSGP: 1,"apn","me","{}",1', '+CNUM: ,"{}",145', "+QCCID: {}", "+CGSN: {}", COMMANDS[0], COMMANDS[3])
NUMBERS = ("{}", '+CLIP: "+{}",145', '+QFWDURC: "client/incoming",1,2,"{}",5,"0.0.0.0",2020', "+CMEE: {}")
INNOCENT = ("< <9 bytes>", "> AT+CSQ", "> AT+GSN", "> AT+CIMI", "> AT+QFWDSEND=7,0,90", "> AT+CMGS=1", "< >", "< OK")
INNOCENT += ("> <ESC>", "< +QFWDRECV: 7,90")


def lines(way, templates, secrets):
    return st.tuples(st.sampled_from(templates), secrets).map(lambda drawn: (f"{way} {drawn[0].format(drawn[1])}", drawn[1]))


SAID = st.one_of(
    lines(">", COMMANDS, PASSWORD),
    lines("<", ANSWERS, PASSWORD),
    lines("<", NUMBERS, NUMBER),
    lines("!", ("AT+CPIN={}",), PASSWORD),
    st.sampled_from(INNOCENT).map(lambda line: (line, None)),
)
FORMS = (
    lambda ms, line: f"{ms} {line}",
    lambda ms, line: f"{ms} {line[:2]}{line[2:].encode()!r}",
    lambda ms, line: repr([f"{ms} {line}"]),
    lambda ms, line: f"{ms / 1000:9.3f} uart1 {line}",
    lambda ms, line: f"{ms / 1000:9.3f} uart1 {line[:2]}[{len(line) - 2} bytes] {line[2:]}",
)


def everything(text):
    """All files that the tool makes."""
    dialogue = Dialogue("trace.txt", *reading.read(text.splitlines()))
    return [picture.page(dialogue, 1000).encode(), transcript.source(dialogue).encode(), capture.capture(dialogue)]


@settings(max_examples=150, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=8), st.sampled_from(FORMS))
def test_no_secret_of_a_raw_wire_is_shown_wherever_the_trace_begins_or_is_torn(said, form):
    text = "\n".join(form(1000 + at, line) for at, (line, _) in enumerate(said))
    for out in everything(text):
        found = [secret for _, secret in said if secret and secret.encode() in out]
        assert not found, text


def test_the_driver_s_own_trace_shows_no_secret_and_no_payload_that_was_not_asked_for(tmp_path):
    text, _ = printed()
    table = run(tmp_path, text, "show").output
    for out in (*everything(text), table.encode()):
        assert not confidential.told(out.decode("latin-1")) and b"what we say" not in out and b"AT+QFWDCLIENT" in out
    assert "AT+CPIN=***" in table and "AT+QICSGP=***" in table and "+QCCID:***" in table


def test_a_secret_in_two_pieces_of_a_payload_is_none_of_the_pages():
    text = "1 > b'AT+QFWDSEND=7,0,40'\n2 < b'>'\n3 > b'call 867390'\n4 > b'123456789 now'\n5 < b'OK'\n"
    for out in everything(text):
        assert b"call ***************" in out and b"867390" not in out and b"123456789" not in out
