"""What conformance.py asks and what the manual prints: data.

    name; command > payload; what the manual prints; row and reading: what comes instead; ...

A name in capitals and a command lack their QFWD. Lines of an answer are parted by |, URCs among them come in any order, `-` is that
no URC may come, `~4000` that they take so many ms. `#` is a number, `*` what the manual prints. {s} {c} {a}: server, client and
accepted connection; {n} {q}: an id and a port of nobody, {k} {r}: those that are kept; {u} {v}: our URC port and another. A line
that begins with @ has conformance.py do something; one with ! is refused in each place that is named with its bad value.
"""

# What many of them have in common.
SHORT = (
    ("$args", '0,{n},"IP","tcp",{q},5,65535,"{u}"'),
    ("$to", '"IP","tcp","127.0.0.1"'),
    ("$kinds", '(0-16),(1-65535),("IP","IPV6"),("tcp","udp")'),
    ("$ports", '("uart1","usbat","usbmodem")'),
    ("$came", '+QFWDURC: "client/incoming",{s},#,"127.0.0.1",#,"0.0.0.0",{p}'),
    ("$server", '+QFWDURC: "server/open"'),
    ("$client", '+QFWDURC: "client/open"'),
    ("$read", '+QFWDURC: "client/read"'),
    ("$closed", '+QFWDURC: "client/close"'),
    ("$sent", "> | +QFWDSEND: {c}"),
    ("$queues", "0,10240,10240,0,10240,10240"),
    ("$active", '+QFWDCLIENT: {c},"Active","tcp","127.0.0.1",{p},"127.0.0.1",#,"{u}"'),
    ("$income", '+QFWDCLIENT: {a},"Income","tcp","127.0.0.1",#,"0.0.0.0",{p},"{u}"'),
)


def expanded(line):
    for short, long in SHORT:
        line = line.replace(short, long)
    return line


FORMS = """
SERVER test; SERVER=?; +QFWDSERVER: $kinds,(1-65535),(1-10),(1-65535),$ports | OK
CLIENT test; CLIENT=?; +QFWDCLIENT: $kinds,<remote_addr>,<1-65535>,$ports | OK; \
E7: +QFWDCLIENT: $kinds,<remote_addr>,(1-65535),$ports | OK
SEND test; SEND=?; +QFWDSEND: <socket_id>,<data_format>,<send_length> | OK
RECV test; RECV=?; +QFWDPRECV: <socket_id>,<read_len> | OK; E8 recv_prefix=QFWDRECV: +QFWDRECV: <socket_id>,<read_len> | OK
ACK test; ACK=?; +QFWDACK: <socket_id> | OK
SSTATE test; SSTATE=?; OK
CLOSE test; CLOSE=?; OK
CFG test; CFG=?; +QFWDCFG: "urc",<socketfd>,<urc_port> | OK
SERVER read, nothing open; SERVER?; OK
CLIENT read, nothing open; CLIENT?; OK
SEND read; SEND?; ERROR; E40: OK
RECV read; RECV?; ERROR; E40: OK
ACK read; ACK?; ERROR; E40: OK
SSTATE read; SSTATE?; ERROR; E40: OK
CLOSE read; CLOSE?; ERROR; E40: OK
CFG read; CFG?; ERROR; E40: OK
CGF, as one heading has it; CGF=?; ERROR; E7: +QFWDCFG: "urc",<socketfd>,<urc_port> | OK
ACK with a space in its name; AT+ QFWDACK=?; ERROR; E5: +QFWDACK: <socket_id> | OK
SEND, unknown id; SEND={n},0,1 > \x1b\x1a; ERROR
RECV, unknown id; RECV={n},16; ERROR
ACK, unknown id; ACK={n}; ERROR
SSTATE, unknown id; SSTATE={n}; ERROR; E30 sstate_unknown=ok: OK
CLOSE, unknown id; CLOSE={n}; ERROR
CFG query, unknown id; CFG="urc",{n}; ERROR
CFG, unknown id; CFG="urc",{n},"{u}"; ERROR
"""

SERVER = """
SERVER write, server/open; SERVER=$args; OK | $server,{n},0; E1 server_syntax=legacy: ERROR
@listen tcp
SERVER read; SERVER?; +QFWDSERVER: {s},"tcp",{p},"{u}" | OK
SSTATE without clients; SSTATE={s}; OK
SSTATE with a space behind =; SSTATE= {s}; OK; E5: ERROR
SERVER, id in use; SERVER=0,{s},"IP","tcp",{q},5,65535,"{u}"; ERROR; E24 dup=urc: OK | $server,{s},1
SERVER, port in use; SERVER=0,{n},"IP","tcp",{p},5,65535,"{u}"; OK | $server,{n},1; E24 dup_port=error, or E25 open_urc=error: ERROR
SERVER, no such context; SERVER=16,{n},"IP","tcp",{q},5,65535,"{u}"; OK | $server,{n},1; E25 open_urc=error: ERROR; \
E32 pdp_required=no: OK | $server,{n},0
SERVER, words in other case; SERVER=0,{n},"ip","TCP",{q},5,65535,"{U}"; OK | $server,{n},0; E4 case=strict: ERROR
@keep
SERVER without a URC port; SERVER=0,{k},"IP","tcp",{r},5,65535; OK; E2 trailing_optional=no: ERROR; \
E3 default_urc_port=issuing: OK | $server,{k},0
CFG query of the default port; CFG="urc",{k}; +QFWDCFG: "urc",{k},"usbat" | OK; \
E3 default_urc_port=issuing: +QFWDCFG: "urc",{k},"{u}" | OK
SERVER without idle timeout; SERVER=0,{n},"IP","tcp",{q},5; OK; E2 trailing_optional=no: ERROR; \
E3 default_urc_port=issuing: OK | $server,{n},0
SERVER as in chapter 4; SERVER= {n},"uninet","ip","tcp",{q},5; ERROR; E1 server_syntax=legacy or both: OK; E1, E3: OK | $server,{n},0
"""

CLIENT = """
@listen tcp
CLIENT, words in other case; CLIENT=0,{n},"ip","TCP","127.0.0.1",{p},"{U}"; OK | $client,{n},0 | $came; E4 case=strict: ERROR
CLIENT without a URC port; CLIENT=0,{n},$to,{p}; OK | $came; E2 trailing_optional=no: ERROR; \
E3 default_urc_port=issuing: * | $client,{n},0; E3, E3: OK | $client,{n},0
CLIENT with an idle timeout; CLIENT=0,{n},$to,{p},"{u}",60; ERROR; E6 client_idle_arg=yes: OK | $client,{n},0 | $came
@fresh
CLIENT write, client/open, client/incoming; CLIENT=0,{c},$to,{p},"{u}"; OK | $client,{c},0 | $came
@accepted
CLIENT read; CLIENT?; $active | $income | OK
SSTATE write; SSTATE={s}; +QFWDSSTATE: 1,{a},"127.0.0.1",#,"0.0.0.0",{p} | OK
SSTATE of a client; SSTATE={c}; ERROR; E30 sstate_unknown=ok: OK
ACK of a client; ACK={c}; +QFWDACK: {c},$queues | OK
ACK of an accepted connection; ACK={a}; +QFWDACK: {a},$queues | OK
ACK of a server; ACK={s}; ERROR
CFG query; CFG="urc",{c}; +QFWDCFG: "urc",{c},"{u}" | OK
CFG query of a server; CFG="urc",{s}; +QFWDCFG: "urc",{s},"{u}" | OK
CFG configure; CFG="urc",{c},"{v}"; OK
CFG query of what was set; CFG="urc",{c}; +QFWDCFG: "urc",{c},"{v}" | OK
CFG configure, as it was; CFG="urc",{c},"{u}"; OK
CFG, words in other case; CFG="URC",{c},"{U}"; OK; E4 case=strict: ERROR
CLIENT, id in use; CLIENT=0,{c},$to,{p},"{u}"; ERROR; E24 dup=urc: OK | $client,{c},1
CLIENT, refused by the peer; CLIENT=0,{n},$to,{q},"{u}"; OK | $client,{n},1; E25 open_urc=error: ERROR
!SERVER; $args; 0 17,1 0,1 65536,2 "IPV5",3 "sctp",4 0,4 65536,5 0,5 11,6 0,6 65536,7 "uart3"
!CLIENT; 0,{n},$to,{q},"{u}"; 0 17,1 0,1 65536,2 "IPV5",3 "sctp",4 "",5 0,5 65536,6 "uart3"
!SEND; {c},0,1; 0 0,0 65536,1 2,2 0,2 1025
!RECV; {c},1; 0 0,0 65536,1 0,1 1025
!ACK; {c}; 0 0,0 65536
!SSTATE; {s}; 0 0,0 65536
!CLOSE; {c}; 0 0,0 65536
!CFG; "urc",{c},"{u}"; 0 "nil",1 0,1 65536,2 "uart3"
"""

SEND = """
@both
SEND, fixed length; SEND={c},0,16 > {t}; $sent,16 | OK
SEND, Ctrl+Z; SEND={c},0 > {t}\x1a; $sent,16 | OK; E13 need_trailing_comma=yes: ERROR
SEND, Ctrl+Z, with the comma; SEND={c},0, > {t}\x1a; $sent,16 | OK
SEND, hex; SEND={c},1{comma} > 3131\x1a; $sent,2 | OK
SEND, hex, fixed length; SEND={c},1,2 > 3131; $sent,2 | OK; E16 hex_len=chars: $sent,1 | OK
SEND, hex, 513 bytes; SEND={c},1{comma} > {d}\x1a; $sent,513 | OK; E16 hex_limit=chars: > | ERROR
SEND, hex, a digit that is none; SEND={c},1{comma} > 31G1\x1a; > | ERROR; E16 hex_bad=truncate: $sent,1 | OK
SEND, hex, odd; SEND={c},1{comma} > 313\x1a; > | ERROR; E16 hex_bad=truncate: $sent,1 | OK
SEND, cancelled by ESC; SEND={c},0{comma} > \x1b\x1a; > | OK; E15 cancel=error: > | ERROR; E15 cancel=ignored: $sent,0 | OK
SEND, 1024 bytes; SEND={c},0,1024 > {b}; $sent,1024 | OK
SEND, more than 1024 bytes; SEND={c},0{comma} > {b}x\rAT\r\x1a; > | ERROR; E17 overflow=error_now_spill: > | ERROR | OK
SEND, a Ctrl+Z in a fixed length; SEND={c},0,3 > a\x1ab; $sent,3 | OK; E17 fixed_literal=no: $sent,1 | OK
SEND, an ESC in a fixed length; SEND={c},0,3 > a\x1bb; $sent,3 | OK; E17 fixed_literal=no: > | OK; E17, E15: > | ERROR
SEND, a NUL in a fixed length; SEND={c},0,3 > a\0b; $sent,3 | OK; E38 nul=truncate: $sent,1 | OK
SEND to a server; SEND={s},0,1 > \x1b\x1a; ERROR
"""

RECV = """
@both
RECV, nothing; RECV={a},1024; +QFWDRECV: {a},0 | OK; E11 empty=error: ERROR; E11 empty=ok_only: OK
@put near {t}
RECV, a part; RECV={a},4; +QFWDRECV: {a},4 | JKLM | OK
ACK that reads, as in chapter 4; ACK={a},4; ERROR; E9 ack_reads=yes: +QFWDACK: {a},4 | NOZj | OK
@both
@put near {t}
RECV, all; RECV={a},1024; +QFWDRECV: {a},16 | {t} | OK
@put near {b}
RECV, 1024 bytes; RECV={a},1024; +QFWDRECV: {a},1024 | {b} | OK
@both
@hex near a\0b
RECV, a NUL; RECV={a},3; +QFWDRECV: {a},3 | a\0b | OK; E38 nul=truncate: +QFWDRECV: {a},1 | a | OK
@put far {t}
RECV of a client; RECV={c},16; +QFWDRECV: {c},16 | {t} | OK
RECV of a server; RECV={s},16; ERROR
"""

READ = """
@both
client/read; SEND={c},0,1 > 1; $sent,1 | OK | $read,{a}
client/read, more comes; SEND={c},0,1 > 2; $sent,1 | OK | -; E20 read_urc=per_segment: * | $read,{a}
client/read, a part is read; RECV={a},1; +QFWDRECV: {a},1 | 1 | OK | -; E20 read_urc=level: * | $read,{a}
client/read, more comes behind a part; SEND={c},0,1 > 3; $sent,1 | OK | -; E20 rearm=on_read, or read_urc=per_segment: * | $read,{a}
RECV, what came in pieces; RECV={a},16; +QFWDRECV: {a},2 | 23 | OK
client/read, again; SEND={c},0,1 > 4; $sent,1 | OK | $read,{a}
client/read of a client; SEND={a},0,1 > 5; > | +QFWDSEND: {a},1 | OK | $read,{c}
@both
CFG, of an accepted connection; CFG="urc",{a},"{v}"; OK
client/read at another port; SEND={c},0,1 > 6; $sent,1 | OK | -
CFG, of it back; CFG="urc",{a},"{u}"; OK
"""

CLOSE = """
@both
@put near {t}
CLOSE of a client, client/close; CLOSE={c}; OK | $closed,{a}; E27 close_urc_local=yes: * | $closed,{c}
SSTATE behind client/close; SSTATE={s}; OK
RECV behind client/close; RECV={a},16; +QFWDRECV: {a},16 | {t} | OK; E26 on_close=discard: ERROR; \
E26 on_close=discard: +QFWDRECV: {a},0 | OK
RECV behind that; RECV={a},16; +QFWDRECV: {a},0 | OK; E11 empty=error, or E26 on_close=discard: ERROR; E11 empty=ok_only: OK
ACK when all was read; ACK={a}; ERROR; E26 slot=held: +QFWDACK: {a},$queues | OK
CLOSE when all was read; CLOSE={a}; ERROR; E26 slot=held: OK
@join
CLOSE of a server; CLOSE={s}; OK
CLIENT read, its server closed; CLIENT?; $active | $income | OK
SSTATE of a closed server; SSTATE={s}; ERROR; E30 sstate_unknown=ok: OK
CLOSE of an accepted connection, client/close; CLOSE={a}; OK | $closed,{c}; E27 close_urc_local=yes: * | $closed,{a}
"""

UDP = """
SERVER write, udp; SERVER=0,{n},"IP","udp",{q},5,65535,"{u}"; OK | $server,{n},0
@listen udp
@fresh
CLIENT write, udp; CLIENT=0,{c},"IP","udp","127.0.0.1",{p},"{u}"; OK | $client,{c},0
SEND, udp, client/incoming; SEND={c},0,16 > {t}; $sent,16 | OK | $came; E29 udp_server=single_last_peer or single_noreply: $sent,16 | OK
@accepted
RECV, udp; RECV={a},1024; +QFWDRECV: {a},16 | {t} | OK
SEND, udp, back; SEND={a},0,1 > 1; > | +QFWDSEND: {a},1 | OK; E29 udp_server=single_noreply: ERROR
@put near 1
@put near 2
RECV, two datagrams; RECV={a},16; +QFWDRECV: {a},1 | 1 | OK; E12 udp_merge=yes: +QFWDRECV: {a},2 | 12 | OK
@drain
@put near 123
RECV, a part of a datagram; RECV={a},1; +QFWDRECV: {a},1 | 1 | OK
RECV, the rest of a datagram; RECV={a},16; +QFWDRECV: {a},0 | OK; E11 empty=error: ERROR; E11 empty=ok_only: OK; \
E12 udp_tail=keep: +QFWDRECV: {a},2 | 23 | OK
CLOSE of a UDP server; CLOSE={s}; OK; E27 close_urc_local=yes: OK | $closed,{a}
ACK, its UDP server closed; ACK={a}; ERROR; E28 udp_close_children=no: +QFWDACK: {a},$queues | OK
"""

REST = """
@part
@keep
SERVER write, IPV6; SERVER=0,{k},"IPV6","tcp",{r},5,65535,"{u}"; OK | $server,{k},0
CLIENT write, IPV6, client/incoming; CLIENT=0,{n},"IPV6","tcp","::1",{r},"{u}"; OK | $client,{n},0 \
| +QFWDURC: "client/incoming",{k},#,"::1",#,"::",{r}
@idle
idle timeout, client/close; CLIENT=0,{n},$to,{r},"{u}"; OK | $client,{n},0 \
| +QFWDURC: "client/incoming",{k},#,"127.0.0.1",#,"0.0.0.0",{r} | $closed,# | $closed,# | ~4000
@idle client
@tick far
idle timeout, data is sent; SSTATE={k}; +QFWDSSTATE: 1,{a},"127.0.0.1",#,"0.0.0.0",{r} | OK; E33 idle_counts=rx, or idle_scale: OK
@idle client
@tick near
idle timeout, data is received; SSTATE={k}; +QFWDSSTATE: 1,{a},"127.0.0.1",#,"0.0.0.0",{r} | OK; E33 idle_counts=tx, or idle_scale: OK
@part
@many
"""

SCENES = ("FORMS", "SERVER", "CLIENT", "SEND", "RECV", "READ", "CLOSE", "UDP", "REST")

# Of probe(): field, row, the plain reading.
READINGS = """server E1 modern
send E17 literal
recv E44 raw
recv_sep E10 crlf
recv_max E38 1024
nul E38 ok
udp E12 whole
hex_limit E16 bytes
fixed_literal E17 yes
hex_len E16 bytes
need_trailing_comma E13 no
empty E11 zero
short_write E18 0
sendmax E22 10240
recvmax E22 10240
read_urc E20 edge
read_urc_len E21 no
accept_alloc E23 lowest
reuse E23 immediate
on_close E26 keep_until_read
udp_tail E12 discard
short_udp E18 no
udp_server E29 per_peer"""
