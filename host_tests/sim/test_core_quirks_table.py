"""The table of readings: every row of the list is in it, what it offers is accepted, and readings combine."""

from ec2x_sim import MemoryNet, Module
from ec2x_sim.quirks import READINGS, check, range_of
from ec2x_sim.readings import NUMBERS, OTHERS, SWITCHES
from sim_dialogue import ERROR, OK, PROMPT, Dialogue, line, quirky, urc
from test_core_fuzz import Random, script

# Rows that have no switch.
WITHOUT = (5, 7, 35, 39, 43)


def test_all_44_rows_are_there():
    switched = set()
    for switch in SWITCHES:
        switched.update(switch[0])
        assert switch[3] and "\n" not in switch[3]
    noted = set([row for row, typo, meaning in OTHERS])
    assert switched | noted == set(range(1, 45))
    assert set(range(1, 45)) - switched == set(WITHOUT)
    assert set([row for row, typo, meaning in OTHERS if typo]) == set((5, 7, 40, 43))


def test_names_are_unique_and_readings_too():
    assert len(READINGS) == len(SWITCHES)
    for name in READINGS:
        assert len(READINGS[name]) >= 2 and len(set(READINGS[name])) == len(READINGS[name])
    for name in NUMBERS:
        assert name in READINGS


def refused(quirks):
    try:
        check(quirks)
    except ValueError as error:
        assert "\n" not in str(error)
        return str(error)
    assert False, quirks


def test_the_first_reading_is_the_default():
    chosen = check(None)
    for name in READINGS:
        assert str(chosen[name]) == READINGS[name][0]
        assert check({name: READINGS[name][0]}) == chosen


def test_every_reading_is_accepted_and_nothing_else():
    for name in READINGS:
        for value in READINGS[name]:
            assert str(check({name: value})[name]) == value
        for bad in ("", "nonsense", " " + READINGS[name][0], "-1", "1.5", "\u0661", None, 1 << 40):
            assert name in refused({name: bad}) and READINGS[name][0] in refused({name: bad})
    assert "no_such" in refused({"no_such": "1"}) and "cancel" in refused({"no_such": "1"})


def test_numbers_of_a_range():
    for name in NUMBERS:
        least, most = NUMBERS[name]
        for value in (least, most, str(most)):
            assert check({name: value})[name] == int(value)
        refused({name: most + 1})
        assert str(most) in range_of(name)
    refused({"recv_cap": 0})
    refused({"idle_scale": "0"})


def test_what_the_constructor_says_comes_first():
    module = Module(MemoryNet(), quirks={"sendmax": 100, "recvmax": 200}, recvmax=300)
    d = quirky()
    d.net, d.module = module.net, module
    d.say("ATE0")
    d.client()
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,100,100,0,300,300") + OK


# Readings combine


def test_another_name_another_separator_and_another_case():
    d = quirky(recv_prefix="QFWDPRECV", recv_sep="commas_all", reply_case="upper", read_urc_len="yes")
    service = d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"') == OK + urc('"CLIENT/OPEN",1,0')
    service.accept().send(b"abc")
    assert d.heard() == urc('"CLIENT/READ",1,3')
    assert d.say("AT+QFWDRECV=1,9") == b"\r\n+QFWDPRECV: 1,3,\r,\n,abc\r\n" + OK


def test_qfwdack_reads_in_hex_up_to_a_cap():
    d = quirky(ack_reads="yes", recv_hex="yes", recv_cap=2, recv_sep="comma", recv_prefix="QFWDPRECV")
    d.client().send(b"abc")
    d.heard()
    assert d.say("AT+QFWDACK=1,9") == b"\r\n+QFWDACK: 1,2,6162\r\n" + OK
    assert d.say("AT+QFWDRECV=1,9") == b"\r\n+QFWDPRECV: 1,1,63\r\n" + OK


def test_chapter_4_s_syntax_from_another_port_in_strict_case():
    d = quirky(server_syntax="legacy", default_urc_port="issuing", case="strict", open_urc="before", trailing_optional="no")
    assert d.say('AT+QFWDSERVER=1,"uninet","ip","tcp",2020,5') == ERROR
    assert d.say('AT+QFWDSERVER=1,"uninet","IP","tcp",2020,5') == urc('"server/open",1,0') + OK


def test_a_bare_prompt_that_is_late_before_a_payload_that_spills():
    d = quirky(prompt="gt", prompt_delay=50, overflow="error_now_spill", cme="num", payload_echo="always")
    d.client()
    d.say("AT+QFWDSEND=1,0")
    assert d.heard(50000) == b">"
    assert d.raw(b"a" * 1025 + b"AT\r") == b"a" * 1025 + line("+CME ERROR: 50") + OK


def test_a_held_id_that_was_discarded_and_ok_only():
    d = quirky(slot="held", on_close="discard", empty="ok_only", max_sockets=1)
    peer = d.client()
    peer.send(b"abc")
    peer.close()
    d.heard()
    assert d.say("AT+QFWDRECV=1,9") == OK
    other = 'AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80,"uart1"'
    assert d.say(other) == ERROR
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say(other) == OK + urc('"client/open",2,0')


def test_a_short_write_of_what_a_nul_has_cut():
    d = quirky(nul="truncate", short_write=2)
    peer = d.client()
    assert d.say("AT+QFWDSEND=1,0,5") == PROMPT
    assert d.raw(b"abc\0d") == line("+QFWDSEND: 1,2") + OK
    assert d.say("AT+QFWDSEND=1,0,5") == PROMPT
    assert d.raw(b"a\0bcd") == line("+QFWDSEND: 1,1") + OK
    assert peer.recv() == b"aba"


# And whatever is chosen, the module stays itself


def any_choice(random):
    quirks = {}
    for switch in SWITCHES:
        if random(3) == 0:
            values = READINGS[switch[1]]
            quirks[switch[1]] = values[random(len(values))]
    return quirks


def played(data, chunk, quirks):
    d = Dialogue(echo=True, quirks=quirks)
    d.net.listen("tcp", "1.2.3.4", 1)
    out = b""
    for i in range(0, len(data), chunk):
        d.module.feed("uart1", data[i : i + chunk], 1000)
        out += d.module.take("uart1")
    d.net.dial("tcp", 80)
    d.net.udp("192.168.225.58", 5).sendto(b"hello", 80)
    d.module.poll(400000000)
    out += d.module.take("uart1")
    d.module.reset(500000000)
    d.module.poll(600000000)
    d.module.take("usbmodem")
    d.module.feed("usbmodem", b"AT\r", 600000000)
    assert d.module.take("usbmodem") == b"AT\r\r\nOK\r\n"
    return out


def test_nonsense_is_answered_alike_however_it_is_cut_whatever_is_chosen():
    for seed in range(100, 140):
        quirks = any_choice(Random(seed))
        data = script(seed)
        whole = played(data, len(data), quirks)
        assert played(data, 1 + seed % 3, quirks) == whole, seed
