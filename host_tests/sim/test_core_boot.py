"""Boot, reset, SIM and registration: what comes by itself, where and when."""

from sim_dialogue import ERROR, OK, Dialogue, line

SECOND = 1000000
BOOT = line("RDY") + line("+CFUN: 1") + line("+CPIN: READY") + line("+QUSIM: 1") + line("+QIND: SMS DONE") + line("+QIND: PB DONE")


def test_a_booted_module_is_silent():
    d = Dialogue()
    assert d.module.wake_at() is None
    assert d.heard(100 * SECOND) == b""
    assert d.say("AT+QINISTAT") == line("+QINISTAT: 7") + OK


def test_before_rdy_everything_is_lost():
    d = Dialogue(boot_us=12 * SECOND)
    assert d.say("AT") == b""
    assert d.module.wake_at() == 12 * SECOND
    d.module.poll(12 * SECOND - 2000)
    assert d.raw(b"A") == b""
    assert d.heard() == line("RDY")
    assert d.raw(b"T\r") == b"T\r"  # the A was lost
    assert d.say("AT") == b"AT\r" + OK


def test_boot_urcs_go_to_the_urc_port_and_rdy_to_the_uart_as_well():
    d = Dialogue(boot_us=SECOND)
    assert d.heard(20 * SECOND) == line("RDY")
    assert d.module.take("usbat") == BOOT
    assert d.module.take("usbmodem") == b""


def test_the_urc_port_is_kept_over_a_reset():
    d = Dialogue()
    assert d.say('AT+QURCCFG="urcport"') == line('+QURCCFG: "urcport","usbat"') + OK
    assert d.say('AT+QURCCFG="urcport","uart1"') == OK
    assert d.say('AT+QURCCFG="urcport"') == line('+QURCCFG: "urcport","uart1"') + OK
    assert d.say('AT+QURCCFG="urcport","com1"') == ERROR
    d.module.reset(d.module.now)
    assert d.heard(20 * SECOND) == BOOT
    assert d.say("AT") == b"AT\r" + OK  # but the echo is back
    d.say('ATE0+QURCCFG="urcport","all"')
    d.module.reset(d.module.now)
    d.module.poll(d.module.now + 20 * SECOND)
    for port in ("uart1", "usbat", "usbmodem"):
        assert d.module.take(port) in (BOOT, b'ATE0+QURCCFG="urcport","all"\r' + OK + BOOT)


def test_cfun_1_1_answers_and_resets():
    d = Dialogue(reboot_us=5 * SECOND)
    d.module.latency_us = 1000
    d.say('AT+QURCCFG="urcport","uart1"')
    d.heard()
    d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"uart1"')
    d.heard()
    peer = d.child()
    assert d.say("AT+CFUN=1,1") == b""
    assert d.heard() == OK
    assert peer.closed
    assert d.say("AT") == b""
    assert d.heard(5 * SECOND - 2000) == b""
    assert d.heard() == line("RDY")
    assert d.heard(10 * SECOND) == BOOT[7:]
    assert d.say("ATE0") == b"ATE0\r" and d.heard() == OK
    d.say("AT+QFWDSERVER?")
    assert d.heard() == OK
    assert d.net.dial("tcp", 2020).refused


def test_a_reset_in_the_middle_of_a_payload():
    d = Dialogue()
    d.client()
    d.say("AT+QFWDSEND=1,0,100")
    d.module.reset(d.module.now)
    d.heard(20 * SECOND)
    assert d.say("AT") == b"AT\r" + OK


def test_apind_when_asked_for():
    d = Dialogue()
    assert d.say("AT+QAPRDYIND?") == line("+QAPRDYIND=0") + OK
    d.say('AT+QAPRDYIND=6;+QURCCFG="urcport","uart1"')
    d.module.reset(d.module.now)
    assert line("+APIND: QUEC DAEMON READY") + line("+APIND: ATFWD READY") in d.heard(20 * SECOND)


def test_power_down():
    d = Dialogue()
    d.say('AT+QURCCFG="urcport","uart1"')
    assert d.say("AT+QPOWD=1") == OK
    assert d.heard(SECOND) == line("POWERED DOWN")
    assert d.say("AT") == b"" and d.module.wake_at() is None
    d.module.reset(d.module.now)
    assert d.heard(20 * SECOND) == BOOT


def test_no_card():
    d = Dialogue(boot_us=0, sim="NONE")
    d.say('ATE0;+QURCCFG="urcport","uart1"')
    assert d.heard(20 * SECOND) == line("+CFUN: 1") + line("+CPIN: NOT READY")
    assert d.say("AT+CPIN?") == line("+CME ERROR: 10")
    assert d.say("AT+QIACT=1") == ERROR
    assert d.say("AT+CREG?") == line("+CREG: 0,0") + OK
    assert d.say("AT+QSIMSTAT?") == line("+QSIMSTAT: 0,0") + OK


def test_the_pin_opens_the_card():
    d = Dialogue(pin="4711")
    d.say('AT+QURCCFG="urcport","uart1"')
    assert d.say("AT+CPIN?") == line("+CPIN: SIM PIN") + OK
    assert d.say("AT+COPS?") == line("+CME ERROR: 11")
    assert d.say('AT+CPIN="1234"') == line("+CME ERROR: 16")
    assert d.say('AT+QPINC="SC"') == line('+QPINC: "SC",2,10') + OK
    d.say("AT+CEREG=1")
    assert d.say('AT+CPIN="4711"') == OK + line("+CPIN: READY") + line("+CEREG: 2")
    assert d.heard(2 * SECOND) == line("+CEREG: 1")
    assert d.say("AT+CPIN?") == line("+CPIN: READY") + OK
    assert d.say('AT+CPIN="4711"') == line("+CME ERROR: 3")
    d.module.reset(d.module.now)
    d.heard(20 * SECOND)
    assert d.say("ATE0+CPIN?") == b"ATE0+CPIN?\r" + line("+CPIN: SIM PIN") + OK


def test_three_wrong_pins_block_the_card():
    d = Dialogue(pin="4711", puk="87654321")
    assert d.say("AT+CPIN=1") == d.say("AT+CPIN=2") == line("+CME ERROR: 16")
    assert d.say("AT+CPIN=3") == line("+CME ERROR: 12")
    assert d.say("AT+CPIN?") == line("+CPIN: SIM PUK") + OK
    assert d.say("AT+CPIN=4711") == line("+CME ERROR: 12")
    assert d.say('AT+CPIN="11111111","1111"') == line("+CME ERROR: 16")
    assert d.say('AT+CPIN="87654321","1111"') == OK
    assert d.say("AT+CPIN?") == line("+CPIN: READY") + OK


def test_registration_takes_its_time_and_is_reported():
    d = Dialogue(boot_us=0, register_us=5 * SECOND)
    d.module.poll(0)
    d.say('ATE0;+QURCCFG="urcport","uart1"')
    d.say("AT+CREG=1;+CGREG=2")
    assert d.say("AT+CREG?") == line("+CREG: 1,0") + OK
    d.heard(600000)
    assert d.say("AT+CREG?") == line("+CREG: 1,2") + OK
    assert d.say("AT+QIACT=1") == ERROR
    assert d.say("AT+QNWINFO;+QCSQ") == line("+QNWINFO: No Service") + line('+QCSQ: "NOSERVICE"') + OK
    assert line("+CREG: 1") + line('+CGREG: 1,"1A2B","01A2B3C4",7') in d.heard(10 * SECOND)
    assert d.say("AT+CGREG?") == line('+CGREG: 2,1,"1A2B","01A2B3C4",7') + OK
    d.module.radio.set_registration(3)
    assert d.heard() == line("+CREG: 3") + line("+CGREG: 3")


def test_flight_mode_leaves_the_network_and_the_lan_stays():
    d = Dialogue()
    d.say('AT+QURCCFG="urcport","uart1";+CREG=1;+QIACT=1')
    d.server()
    assert d.say("AT+CFUN=4") == OK + line("+CREG: 0")
    assert d.say("AT+CFUN?;+QIACT?;+CSQ") == line("+CFUN: 4") + line("+CSQ: 99,99") + OK
    assert d.say("AT+QFWDSERVER?") != OK
    assert d.say("AT+CFUN=1") == OK + line("+CPIN: READY") + line("+CREG: 2")
    assert d.heard(2 * SECOND) == line("+CREG: 1")
