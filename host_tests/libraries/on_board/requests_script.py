"""The board's part of test_requests.py: micropython requests_script.py URL. The frozen requests, over the modem's sockets."""

import online  # noqa: F401  the first of all

import sys
from binascii import hexlify
from hashlib import sha256

import requests

URL = sys.argv[1]


def digest(data):
    return hexlify(sha256(data).digest()).decode()


def show(what, answer):
    body = answer.content
    print(what, answer.status_code, len(body), digest(body))


def streamed():
    """The file as it comes, through a buffer of 1 KB."""
    answer = requests.get(URL + "/file")
    whole = sha256()
    buf = bytearray(1024)
    size = 0
    while True:
        n = answer.raw.readinto(buf)
        if not n:
            break
        size += n
        whole.update(memoryview(buf)[:n])
    answer.close()
    print("streamed", answer.status_code, size, hexlify(whole.digest()).decode())


def pieces():
    for k in range(30):
        yield bytes(range(256))[k:] * 4


streamed()
show("get", requests.get(URL + "/small?x=1", headers={"X-Mine": "yes"}, timeout=20))
show("missing", requests.get(URL + "/missing"))
for kind in (301, 302, 303, 307, 308):
    show("redirect %d" % kind, requests.get("%s/redirect/%d" % (URL, kind)))
print("post", requests.post(URL + "/post", data=bytes(range(256)) * 200).text)
print("put", requests.put(URL + "/put", data="some text").text)
print("json", requests.post(URL + "/post", json={"a": [1, 2.5, None], "b": "c"}).text)
print("pieces", requests.post(URL + "/post", data=pieces()).text)
try:
    show("chunked", requests.get(URL + "/chunked"))
except ValueError as error:
    print("chunked", str(error).strip())
try:
    requests.get("http://127.0.0.1:1/")
except OSError as error:
    print("refused", error.errno in (111, 61))  # macOS has its own numbers
