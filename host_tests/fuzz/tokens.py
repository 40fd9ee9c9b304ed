"""What a module could say, right or wrong: the dictionary of all targets."""

from hypothesis import strategies as st

# Numbers where one is expected, right and wrong.
_GOOD = b"0 1 2 5 7 8 16 255 256 1023 1024 1025 2020 40000 40001 40002 65535".split()
_BAD = b'65536 65537 99999 999999999 1000000000 4294967296 99999999999999999999 -1 -0 +1 0x10 1.5 1e3 007 --1 \xb2 "4"'.split()
NUMBERS = (*_GOOD, *_BAD, b"", b" 3 ", b"4 4")

# Where a quoted text is expected.
_TEXTS = b'"tcp" "udp" "uart1" "usbat" "all" "active" "Income" "198.51.100.7" "0.0.0.0" "::1" "READY" "SIM\x20PUK" "\x00\xff"'.split()
_TORN = b'"" " """ "a,b" "a""b" tcp tcp" "tcp \'x\''.split()
_TIMES = (b'"24/02/29,12:00:00+04,0"', b'"80/01/06,00:00:00+00"', b'"99/99/99,99:99:99-99,1"')
QUOTED = (*_TEXTS, *_TORN, *_TIMES, b'"' + b"9" * 80 + b'"')

_FAMILY = b"QFWDURC QFWDRECV QFWDPRECV QFWDSEND QFWDACK QFWDSERVER QFWDCLIENT QFWDSSTATE QFWDCFG".split()
_OTHERS = b"CMEE CPIN CFUN CEREG CGREG QIACT QIURC IPR QPINC CSQ COPS QLTS CCLK CTZU QIDNSCFG QCCID QICSGP".split()
_ERRORS = (b"+CME ERROR: ", b"+CMS ERROR: ")
PREFIXES = (*[b"+" + name + b": " for name in _FAMILY + _OTHERS], *_ERRORS, b"+", b"")

EVENTS = b'"server/open" "client/open" "client/incoming" "client/read" "client/close" "pdpdeact" "dnsgip"'.split()

# Whole lines and parts of them.
_LINES = (b"OK", b"ERROR", b"RDY", b"POWERED DOWN", b"NORMAL POWER DOWN", b"+CPIN: READY", b"+CPIN: NOT READY", b"+CFUN: 1", b"CONNECT")
_PARTS = (b"OK", b"ERROR", b"\r\n> ", b"> ", b">>", b"\r\n", b"\r\n\r\n", b",\n,", *[bytes((c,)) for c in b'>\r\n ,"\x1a\x1b\0'])
_WHOLE = (
    b'\r\n+QIURC: "pdpdeact",1\r\n',
    b"AT+QFWDSEND=40000,0,5\r",
    b"\r\n+CMEE: 1\r\n\r\nOK\r\n",
    b"\r\n+QFWDSEND: 40000,1024\r\n",
    b"\r\n+QFWDRECV: 40000,5\r\nhello\r\n\r\nOK\r\n",
    b"\r\n+QFWDRECV: 40000,1000000000\r\n",
    b"ATE0Q0V1\r",
    b"A" * 300,
    b"A" * 600 + b"\r",
)
WORDS = (*[b"\r\n" + line + b"\r\n" for line in _LINES], *_PARTS, *_WHOLE)

_field = st.sampled_from((*NUMBERS, *QUOTED, *EVENTS))

#: a line that looks like one of the module's, without its end
lines = st.builds(
    lambda prefix, fields: prefix + b",".join(fields),
    st.sampled_from(PREFIXES),
    st.lists(_field, max_size=8),
)

urcs = st.builds(
    lambda event, fields: b"+QFWDURC: " + b",".join((event, *fields)),
    st.sampled_from(EVENTS),
    st.lists(st.sampled_from(NUMBERS + QUOTED), max_size=6),
)

#: a piece of anything
pieces = st.one_of(
    st.sampled_from(WORDS),
    st.one_of(lines, urcs).map(lambda line: b"\r\n" + line + b"\r\n"),
    st.binary(max_size=12),
)

#: a stretch of anything
noise = st.lists(pieces, max_size=20).map(b"".join)
