# SPDX-License-Identifier: Apache-2.0
"""A development certificate authority, by the openssl command."""

import pathlib

from postgres import run

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
SERVER = "subjectAltName = DNS:localhost, IP:127.0.0.1\nextendedKeyUsage = serverAuth\nkeyUsage = digitalSignature\n"
CLIENT = "extendedKeyUsage = clientAuth\nkeyUsage = digitalSignature\n"


class Authority:
    def __init__(self, folder, name="mingce development CA"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        if not self.certificate.exists():
            run(["openssl", "req", "-x509", *CURVE, "-keyout", self.key, "-out", self.certificate, "-days", "3650",
                 "-subj", f"/CN={name}"])

    def issue(self, name, extension=CLIENT, days=825, again=False):
        """(certificate, key) files of `name`, the same ones the next time unless `again`."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        if again or not certificate.exists():
            request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
            extensions.write_text(extension)
            run(["openssl", "req", "-new", *CURVE, "-keyout", key, "-out", request, "-subj", f"/CN={name}"])
            run(["openssl", "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-days", days,
                 "-extfile", extensions, "-out", certificate])
            request.unlink()
            extensions.unlink()
        return certificate, key
