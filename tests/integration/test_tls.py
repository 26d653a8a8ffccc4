# SPDX-License-Identifier: Apache-2.0
"""What others' tools find of our TLS: 1.3 alone, strong ciphers alone, nothing for who does not speak our protocol."""

import subprocess
import xml.etree.ElementTree

import pytest


def test_a_scanner_gets_nowhere(stack):
    """sslscan offers no ALPN, and we serve nobody without: it finds no protocol that is on, and not even a certificate."""
    done = subprocess.run(["sslscan", "--xml=-", "--no-colour", "--no-heartbleed", f"127.0.0.1:{stack.port}"], stdout=subprocess.PIPE,
                          text=True, check=True, timeout=120)
    scan = xml.etree.ElementTree.fromstring(done.stdout).find("ssltest")
    offered = {(p.get("type"), p.get("version"), p.get("enabled")) for p in scan.iter("protocol")}
    assert {("tls", "1.0", "0"), ("tls", "1.1", "0"), ("tls", "1.2", "0")} <= offered
    assert "1" not in {enabled for _, _, enabled in offered}
    assert not list(scan.iter("cipher")) and not list(scan.iter("certificate"))


def s_client(stack, *options, certificate=True):
    """The handshake as openssl tells it, with a known certificate and our protocol's name."""
    lines = dict(line.split(" = ", 1) for line in (stack.profiles / "institution").read_text().splitlines())
    mine = ["-cert", lines["certificate"], "-key", lines["key"]] if certificate else []
    return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{stack.port}", "-CAfile", lines["ca"], "-alpn", "mingce/1",
                           "-brief", *mine, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=30, check=False).stdout


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1", "-tls1_2"])
def test_older_versions_are_refused(stack, version):
    told = s_client(stack, version, "-cipher", "ALL:@SECLEVEL=0")
    assert "CONNECTION ESTABLISHED" not in told and "alert protocol version" in told, told


@pytest.mark.parametrize("suite, served", [
    ("TLS_AES_256_GCM_SHA384", True), ("TLS_AES_128_GCM_SHA256", True), ("TLS_CHACHA20_POLY1305_SHA256", True),
    ("TLS_AES_128_CCM_SHA256", False), ("TLS_AES_128_CCM_8_SHA256", False)])
def test_cipher_suites(stack, suite, served):
    told = s_client(stack, "-tls1_3", "-ciphersuites", suite)
    assert ("CONNECTION ESTABLISHED" in told) == served, told
    assert not served or f"Ciphersuite: {suite}" in told


def test_the_server_shows_its_own_certificate(stack):
    assert "Verification: OK" in s_client(stack)
