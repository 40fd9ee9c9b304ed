"""A report is sent to others: no secret of the SIM or the module is in it, and what it shows is text and nothing else."""

import json
from functools import cache

import pytest
from hil_results import good
from test_hil_report import Page, page

from ec2x_tools.hil import report, schema

SECRETS = [  # a text, and what of it nobody may see
    ('AT+CPIN="1234"', "1234"),
    ("at+cpin=1234", "1234"),
    ('AT+CSQ;+CPIN="1234","5678"', "5678"),
    ("the SIM refused PIN 1234", "1234"),
    ("connect('internet', pin='0042')", "0042"),
    ('{"pin": "987654", "n": 1}', "987654"),
    ("PIN code: 24680", "24680"),
    ("PUK is 12345678", "12345678"),
    ('AT+QICSGP=1,1,"internet","joe","hunter2",1', "hunter2"),
    ('+QICSGP: 1,"internet","joe","hunter2",1', "hunter2"),
    ('AT+CGAUTH=1,1,"hunter2","joe"', "hunter2"),
    ("password=hunter2, more", "hunter2"),
    ('{"apn_password": "hunt,er2"}', "er2"),
    ("Password: hunter2", "hunter2"),
    ("490154203237518", "490154203237518"),
    ("IMEI 35-209900-176148-1 here", "176148"),
    ("+QCCID: 8944500102198765432F", "8944500102198765432"),
    ("8944 5001 0219 8765 4321", "8765"),
    ("+CIMI: 262011234567890", "262011234567890"),
    ("b'\\r\\n262011234567890\\r\\n'", "262011234567890"),
    ("OK\n262011234567890\nOK", "262011234567890"),
    ('+CNUM: "me","+4366412345678",145', "66412345678"),
    ("EID 89049032123451234512345678901235", "89049032123451234512345678901235"),
]
SHOWN = [
    "+CPIN: SIM PIN",
    "+QFWDRECV: 40000,1024",
    'AT+QFWDCLIENT=1,0,"TCP","example.com",80',
    "EC25EFAR06A06M4G",
    "2026-11-28T05:20:00Z",
    "PIN: 3 left",
    "12,000,000 bytes in 600.0 s at 921600 baud",
    "10.170.241.53:2020, fe80::1%eth0",
]
KEPT = ("verdict", "sha256_sent", "sha256_got")


def everywhere(value, text, key=""):
    """A result with the text in each place that has one."""
    if isinstance(value, dict):
        return {**{name: everywhere(item, text, name) for name, item in value.items()}, text: text}
    if isinstance(value, list):
        return [everywhere(item, text, key) for item in value]
    return text if isinstance(value, str) and key not in KEPT else value


def full(text):
    result = everywhere(good(), text)
    result["stats"] = {**good()["stats"], text: 7}
    return result


@cache
def harmless():
    return json.dumps(full("nothing"), indent=1), report.html(full("nothing"))


@pytest.fixture
def no_plots(monkeypatch):
    from ec2x_tools.hil import plots

    for name in ("rates", "latency", "heap", "soak"):
        monkeypatch.setattr(plots, name, lambda data: "")


@pytest.mark.parametrize("text, secret", SECRETS)
def test_no_secret_is_in_the_json_or_in_the_report(tmp_path, no_plots, text, secret):
    result = full(text)
    schema.save(tmp_path / "run.json", result)
    data, html = harmless()  # four digits may be part of a figure
    assert (tmp_path / "run.json").read_text().count(secret) == data.count(secret)
    assert report.html(result).count(secret) == html.count(secret)  # also of a JSON that somebody else has written


@pytest.mark.parametrize("text", SHOWN)
def test_what_is_no_secret_is_shown(text):
    assert schema.masked({"got": [text]}) == {"got": [text]}


def test_values_are_masked_by_their_names_and_numbers_by_their_length():
    secret = {"pin": 1234, "sim_pin": "0042", "imei": "x", "Password": "y"}
    assert schema.masked(secret) == dict.fromkeys(secret, "***")
    assert schema.masked({"pins": 3, "n": 490154203237518, "x": [float("nan"), 1e300]}) == {"pins": 3, "n": None, "x": [None, None]}


def test_a_digest_is_shown_though_it_has_many_digits():
    digest = "12345678901234567890" + 44 * "a"
    assert schema.masked({"sha256_sent": digest, "note": digest}) == {"sha256_sent": digest, "note": "***" + 44 * "a"}


def test_masking_twice_is_masking_once():
    once = schema.masked([text for text, _ in SECRETS] + ["\x1b[31m\u202e\ud800", "a\nb"])
    assert schema.masked(once) == once and once[-2:] == ["\\x1b[31m\\u202e\\ud800", "a\nb"]


def test_texts_of_a_module_are_text_in_the_report():
    text = "<script>alert(1)</script><img src=x onerror='a()'>\"&amp;{{ 7 * 7 }}</svg></style>$x$"
    shown = Page(report.html(full(text)))
    assert shown.open == [] and set(shown.tags) == set(page("good").tags)
    assert "".join(shown.data).count(text) > 30
