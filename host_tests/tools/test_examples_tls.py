"""The examples that speak TLS believe nobody without a certificate that was checked."""

import re

import pytest

from ec2x_tools import interpreter

EXAMPLES = sorted((interpreter.ROOT / "firmware/examples").glob("*.py"))
WITHOUT = re.compile(r"CERT_NONE|CERT_OPTIONAL|_create_unverified_context|verify_mode\s*=\s*(0|1|None|False)|check_hostname\s*=\s*False")


def code(path):
    """Its lines without what the comments say."""
    return "\n".join(line.split("  #")[0] for line in path.read_text().splitlines() if not line.lstrip().startswith("#"))


def unchecked(text):
    """What is missing, of a script's code."""
    wrong = WITHOUT.findall(text)
    if "ssl.SSLContext" in text or "wrap_socket" in text or "ssl=" in text:
        wrong += [needed for needed in ("verify_mode = ssl.CERT_REQUIRED", "load_verify_locations(cafile=") if needed not in text]
        if "wrap_socket(" in text and "server_hostname=" not in text:
            wrong.append("server_hostname")
    return wrong


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_speaks_tls_with_just_anybody(path):
    assert not unchecked(code(path))


def test_those_with_tls_are_known():
    assert {path.stem for path in EXAMPLES if "import ssl" in code(path)} == {"https_get", "mqtt_sensor"}
    assert not any("requests" in code(path) or "https:" in code(path) for path in EXAMPLES if path.stem != "https_get")


@pytest.mark.parametrize(
    "text",
    [
        "ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)",
        "ssl.wrap_socket(sock)",
        "context.verify_mode = ssl.CERT_NONE",
        "context.check_hostname = False",
        "ssl.SSLContext()\nverify_mode = ssl.CERT_REQUIRED\nload_verify_locations(cafile=CA)\ncontext.wrap_socket(sock)",
        "MQTTClient(ssl=True)",
    ],
)
def test_what_checks_nothing_is_seen(text):
    assert unchecked(text)
