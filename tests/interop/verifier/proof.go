// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"errors"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1\n"

type proofFile struct {
	entry      []byte
	index      int64
	hashes     tlog.RecordProof
	checkpoint string
}

func (p proofFile) String() string {
	text := proofHeader + "extra " + base64.StdEncoding.EncodeToString(p.entry) + "\nindex " + itoa(p.index) + "\n"
	for _, h := range p.hashes {
		text += h.String() + "\n"
	}
	return text + "\n" + p.checkpoint
}

func parseProof(text string) (p proofFile, err error) {
	if !strings.HasPrefix(text, proofHeader) {
		return p, errors.New("not a proof file")
	}
	body, checkpoint, found := strings.Cut(strings.TrimPrefix(text, proofHeader), "\n\n")
	lines := strings.Split(body, "\n")
	if !found || len(lines) < 2 || !strings.HasPrefix(lines[0], "extra ") || !strings.HasPrefix(lines[1], "index ") {
		return p, errors.New("not a proof file with an entry")
	}
	p.checkpoint = checkpoint
	if p.entry, err = base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
		return p, err
	}
	if p.index, err = decimal(strings.TrimPrefix(lines[1], "index ")); err != nil {
		return p, err
	}
	for _, line := range lines[2:] {
		h, err := hash(line)
		if err != nil {
			return p, err
		}
		p.hashes = append(p.hashes, h)
	}
	return p, nil
}

func checkProofFile(path, vkey string) (seen checkpoint, err error) {
	key, err := readVerifier(vkey)
	if err != nil {
		return seen, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return seen, err
	}
	proof, err := parseProof(string(text))
	if err != nil {
		return seen, err
	}
	if seen, err = openCheckpoint([]byte(proof.checkpoint), key); err != nil {
		return seen, err
	}
	if proof.index >= seen.tree.N {
		return seen, errors.New("no entry of this tree")
	}
	return seen, tlog.CheckRecord(proof.hashes, seen.tree.N, seen.tree.Hash, proof.index, tlog.RecordHash(proof.entry))
}
