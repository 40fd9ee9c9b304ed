"""Characters to commands and results to characters, to the byte."""

from sim_dialogue import ERROR, OK, Dialogue, line


def test_a_measured_exchange_looks_as_it_was_measured():
    d = Dialogue(echo=True)
    assert d.say("AT") == b"AT\r\r\nOK\r\n"
    assert d.say("AT+MODE=2") == b"AT+MODE=2\r\r\nERROR\r\n"
    d.module.radio.set_registration(2)
    assert d.say("AT+CREG?") == b"AT+CREG?\r\r\n+CREG: 0,2\r\n\r\nOK\r\n"


def test_echo_shows_what_is_typed_up_to_the_cr_and_no_lf():
    d = Dialogue(echo=True)
    assert d.raw(b"\r\nAT\r\n") == b"\rAT\r\r\nOK\r\n"
    assert d.raw(b"ATE0\r") == b"ATE0\r\r\nOK\r\n"
    assert d.raw(b"AT\r") == OK
    assert d.raw(b"ATE1\r") == OK
    assert d.raw(b"AT\r") == b"AT\r\r\nOK\r\n"


def test_numeric_results_and_quiet():
    d = Dialogue()
    assert d.say("ATV0") == b"0\r"
    assert d.say("AT+CSQ") == b"+CSQ: 24,99\r\n0\r"
    assert d.say("AT+NONE") == b"4\r"
    assert d.say("ATQ1") == b""
    assert d.say("AT+CSQ") == b"+CSQ: 24,99\r\n"
    assert d.say("AT+NONE") == b""
    assert d.say("ATE0Q0V1") == OK


def test_a_chain_is_answered_with_one_result():
    d = Dialogue()
    assert d.say("ATE0Q0V1;+CSQ;+CMEE?") == line("+CSQ: 24,99") + line("+CMEE: 1") + OK
    assert d.say("AT+CSQ;+NONE;+CMEE?") == line("+CSQ: 24,99") + ERROR
    assert d.say('AT+CGDCONT=1,"IP","a;b";&D0;S0=2;+CGDCONT?') == line('+CGDCONT: 1,"IP","a;b","0.0.0.0",0,0,0,0') + OK
    assert d.say("ATS0?&V0S3?") == line("002") + d.say("AT&V")[:-6] + line("013") + OK


def test_s_registers_change_the_characters_that_are_used():
    d = Dialogue()
    assert d.say("ATS3?") == line("013") + OK
    assert d.say("ATS3=59") == b";\nOK;\n"  # the new CR frames its own answer already
    assert d.raw(b"AT;") == b";\nOK;\n"
    assert d.raw(b"ATS3=13;") == OK
    assert d.say("ATS3=300") == ERROR
    assert d.say("ATS99?") == ERROR
    assert d.say("ATS3") == ERROR


def test_backspace_and_control_characters_while_typing():
    d = Dialogue()
    assert d.raw(b"AT+CSX\x08Q\r") == line("+CSQ: 24,99") + OK
    assert d.raw(b"\x00AT\x1a+C\x1bSQ\n\r") == line("+CSQ: 24,99") + OK


def test_names_in_any_case_and_spaces_where_they_are_allowed():
    d = Dialogue()
    assert d.say("at+csq") == line("+CSQ: 24,99") + OK
    assert d.say("AT E0 +CSQ ") == line("+CSQ: 24,99") + OK
    assert d.say("AT+CMEE= 2") == OK
    assert d.say("AT+CMEE= 1 ") == OK
    assert d.say("AT+ CMEE=1") == ERROR
    assert d.say("AT+CMEE =1") == ERROR
    assert d.say("AT+CMEE=1 1") == ERROR


def test_what_is_not_a_command_is_passed_over():
    d = Dialogue()
    assert d.say("") == b""
    assert d.say("hello") == b""
    assert d.raw(b"\xff" * 2000 + b"\x1a\x1bAT\r") == OK
    assert d.raw(b"xxAT+CSQ\r") == line("+CSQ: 24,99") + OK


def test_a_line_too_long_is_an_error_and_the_next_is_read_again():
    d = Dialogue()
    assert d.say("AT+CGMI" + " " * 2000) == ERROR
    assert d.say("AT") == OK


def test_a_slash_repeats_the_last_line_without_cr():
    d = Dialogue()
    assert d.say("AT+CSQ") == line("+CSQ: 24,99") + OK
    assert d.raw(b"A/") == line("+CSQ: 24,99") + OK
    assert d.raw(b"A/AT\r") == line("+CSQ: 24,99") + OK + OK


def test_every_cut_of_a_dialogue_gives_the_same_answer():
    script = b'ATE0V1\rAT+CSQ;+CMEE=2\r\nA/AT+QFWDACK=5\rAT+QFWDCLIENT?\rxAT+QFWDCFG="urc",1\rATE1\rATI\r'
    whole = Dialogue(echo=True).raw(script)
    assert whole.endswith(b"Revision: EC25EFAR06A06M4G\r\n" + OK)
    for cut in range(1, len(script)):
        d = Dialogue(echo=True)
        assert d.raw(script[:cut]) + d.raw(script[cut:]) == whole
    d = Dialogue(echo=True)
    assert b"".join([d.raw(script[i : i + 1]) for i in range(len(script))]) == whole


def test_cmee_chooses_how_an_error_is_said():
    d = Dialogue(sim="NONE")
    assert d.say("AT+CPIN?") == line("+CME ERROR: 10")
    assert d.say("AT+CMEE=2") == OK
    assert d.say("AT+CPIN?") == line("+CME ERROR: SIM not inserted")
    assert d.say("AT+CMEE=0") == OK
    assert d.say("AT+CPIN?") == ERROR
    assert d.say("AT+CMEE=3") == ERROR
    assert d.say("AT+CMEE?") == line("+CMEE: 0") + OK
    assert d.say("AT+CMEE=?") == line("+CMEE: (0-2)") + OK


def test_each_port_is_a_channel_of_its_own():
    d = Dialogue()
    d.module.feed("usbat", b"AT+CMEE=0\rAT+CMEE?\r", d.module.now)
    assert d.module.take("usbat") == b"AT+CMEE=0\r" + OK + b"AT+CMEE?\r" + line("+CMEE: 0") + OK
    assert d.say("AT+CMEE?") == line("+CMEE: 1") + OK
    assert d.raw(b"AT+C") == b""
    d.module.feed("usbmodem", b"AT\r", d.module.now)
    assert d.module.take("usbmodem") == b"AT\r" + OK
    assert d.raw(b"SQ\r") == line("+CSQ: 24,99") + OK


def test_stored_and_factory_settings():
    d = Dialogue()
    assert d.say("AT+CMEE=2;+CREG=2;S0=3;&W") == OK
    assert d.say("AT+CMEE=0;+CREG=0;S0=0;Z;+CREG?;+CMEE?;S0?") == (
        line('+CREG: 2,1,"1A2B","01A2B3C4",7') + line("+CMEE: 2") + line("003") + OK
    )
    assert d.say("AT&F") == OK  # and the echo is on again
    assert d.say("AT+CREG?;+CMEE?;S0?") == b"AT+CREG?;+CMEE?;S0?\r" + line("+CREG: 0,1") + line("+CMEE: 1") + line("000") + OK


def test_a_latency_is_kept_to_the_microsecond():
    d = Dialogue(latency_us={"CSQ": 5000, "*": 700}, echo=True)
    d.module.feed("uart1", b"ATE0\r", 1000)
    assert d.module.take("uart1") == b"ATE0\r"
    assert d.module.wake_at() == 1700
    d.module.poll(1699)
    assert d.module.take("uart1") == b""
    d.module.poll(1700)
    assert d.module.take("uart1") == OK
    d.module.feed("uart1", b"AT+CSQ;+CREG?\rAT\r", 2000)  # what comes meanwhile waits its turn
    d.module.poll(6999)
    assert d.module.take("uart1") == b""
    d.module.poll(7000)
    assert d.module.take("uart1") == line("+CSQ: 24,99") + line("+CREG: 0,1") + OK
    assert d.module.wake_at() == 7700
    d.module.poll(9000)
    assert d.module.take("uart1", 3) == OK[:3]
    assert d.module.take("uart1") == OK[3:]


def test_commands_are_counted_by_name():
    d = Dialogue()
    d.say("AT")
    d.say("AT+CSQ;+CSQ;&D0")
    d.say("AT+QFWDRECV=1,1")
    assert d.module.commands == {"E": 1, "AT": 1, "CSQ": 2, "&D": 1, "QFWDRECV": 1}
    assert d.module.total == 6
