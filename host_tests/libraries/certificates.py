"""Certificates made for one test: those to believe, and those to refuse. DER, as boards want them; CPython has its own contexts."""

import datetime
import ssl

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

GOOD = "good.example"
DAY = datetime.timedelta(days=1)


def der(pem):
    """The bytes of one PEM block."""
    lines = pem.bytes().decode().split("\n")
    return ssl.PEM_cert_to_DER_cert("\n".join([ssl.PEM_HEADER, *lines[1:-2], ssl.PEM_FOOTER, ""]))


def self_signed(name):
    """Key and certificate in PEM: trustme has no such servers."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now - DAY, now + DAY)
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(pem, *plain) + certificate.public_bytes(pem)


class Certificates:
    """An authority, and servers whose certificates it made; `kind` is RSA or ECDSA, `name` the good server's."""

    def __init__(self, folder, kind, name=GOOD):
        self.folder = folder
        self._name = name
        self._kind = trustme.KeyType[kind]
        self._ca = trustme.CA(key_type=self._kind)
        (folder / "ca.der").write_bytes(der(self._ca.cert_pem))

    def for_board(self, name=GOOD):
        """Writes <name>.der and <name>.key into the folder."""
        leaf = self._ca.issue_cert(name, key_type=self._kind)
        (self.folder / f"{name}.der").write_bytes(der(leaf.cert_chain_pems[0]))
        (self.folder / f"{name}.key").write_bytes(der(leaf.private_key_pem))

    def server(self, what="good"):
        """The context of a CPython server with a good certificate, or one that is to be refused, by its name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if what == "self-signed":
            path = self.folder / "self-signed.pem"
            path.write_bytes(self_signed(self._name))
            context.load_cert_chain(path)
        else:
            self._leaf(what).configure_cert(context)
        return context

    def _leaf(self, what):
        now = datetime.datetime.now(datetime.timezone.utc)
        if what == "expired":
            return self._ca.issue_cert(self._name, not_before=now - 2 * DAY, not_after=now - DAY, key_type=self._kind)
        if what == "another authority's":
            return trustme.CA(key_type=self._kind).issue_cert(self._name, key_type=self._kind)
        return self._ca.issue_cert({"good": self._name, "another name's": "bad.example"}[what], key_type=self._kind)

    def client(self):
        """The context of a CPython client that shows a certificate and believes this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        self._ca.issue_cert("client.example", key_type=self._kind).configure_cert(context)
        return context
