# SPDX-License-Identifier: Apache-2.0
"""What others' tools find of our TLS: 1.3 alone, strong ciphers alone, nothing for who does not speak our protocol."""

import subprocess

import pytest


def s_client(stack, *options, protocol="mingce/1"):
    """The handshake as openssl tells it, with a known certificate; None: no protocol is named."""
    lines = dict(line.split(" = ", 1) for line in (stack.profiles / "institution").read_text().splitlines())
    named = ["-alpn", protocol] if protocol else []
    return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{stack.port}", "-CAfile", lines["ca"], "-brief",
                           "-cert", lines["certificate"], "-key", lines["key"], *named, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", timeout=120, check=False).stdout


@pytest.mark.parametrize("version, served", [("-tls1", False), ("-tls1_1", False), ("-tls1_2", False), ("-tls1_3", True)])
def test_versions(stack, version, served):
    """It is for the version that the older ones are refused: the client would take any cipher, and names our protocol."""
    told = s_client(stack, version, "-cipher", "ALL:@SECLEVEL=0")
    assert ("CONNECTION ESTABLISHED" in told) == served and ("alert protocol version" in told) != served, told
    assert not served or "Protocol version: TLSv1.3" in told


@pytest.mark.parametrize("protocol", [None, "h2"])
def test_another_protocol_is_not_spoken(stack, protocol):
    told = s_client(stack, "-tls1_3", protocol=protocol)
    assert "CONNECTION ESTABLISHED" not in told and "alert no application protocol" in told, told


@pytest.mark.parametrize("suite, served", [
    ("TLS_AES_256_GCM_SHA384", True), ("TLS_AES_128_GCM_SHA256", True), ("TLS_CHACHA20_POLY1305_SHA256", True),
    ("TLS_AES_128_CCM_SHA256", False), ("TLS_AES_128_CCM_8_SHA256", False)])
def test_cipher_suites(stack, suite, served):
    told = s_client(stack, "-tls1_3", "-ciphersuites", suite)
    assert ("CONNECTION ESTABLISHED" in told) == served, told
    assert not served or f"Ciphersuite: {suite}" in told


def test_the_server_shows_its_own_certificate(stack):
    assert "Verification: OK" in s_client(stack)
