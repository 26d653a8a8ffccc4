// SPDX-License-Identifier: Apache-2.0

// The audit log as others see it: everything checked with Debian's golang.org/x/mod/sumdb alone, by code that shares
// nothing with mingce.
//
//	verifier copy DIR VKEY [OLDER]      a static copy; OLDER: the note of a checkpoint seen earlier
//	verifier proof FILE VKEY            a .tlog-proof file whose `extra` is the entry
//	verifier make DIR NAME COUNT WORD   an invented log in the same formats: a copy, and a proof of every entry. Its key
//	                                    comes from NAME, its entries from WORD: two words make a fork.
package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpoint struct {
	origin string
	tree   tlog.Tree
}

// decimal is a number as it is written in one way only.
func decimal(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return n, nil
}

// hash is base64 of 32 bytes, as it is written in one way only.
func hash(text string) (h tlog.Hash, err error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(bytes) != tlog.HashSize || base64.StdEncoding.EncodeToString(bytes) != text {
		return h, fmt.Errorf("%q is not a hash", text)
	}
	copy(h[:], bytes)
	return h, nil
}

func readVerifier(path string) (note.Verifier, error) {
	line, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(strings.TrimSuffix(string(line), "\n"))
}

// openCheckpoint takes what the log's own key signed as the log of that name.
func openCheckpoint(text []byte, key note.Verifier) (checkpoint, error) {
	opened, err := note.Open(text, note.VerifierList(key))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return checkpoint{}, errors.New("not a checkpoint of this log")
	}
	size, err := decimal(lines[1])
	if err != nil {
		return checkpoint{}, err
	}
	root, err := hash(lines[2])
	if err != nil {
		return checkpoint{}, err
	}
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

func run(args []string) (checkpoint, error) {
	switch {
	case len(args) == 3 && args[0] == "copy":
		return checkCopy(args[1], args[2], "")
	case len(args) == 4 && args[0] == "copy":
		return checkCopy(args[1], args[2], args[3])
	case len(args) == 3 && args[0] == "proof":
		return checkProofFile(args[1], args[2])
	case len(args) == 5 && args[0] == "make":
		return makeLog(args[1], args[2], args[3], args[4])
	}
	return checkpoint{}, errors.New("usage: verifier copy DIR VKEY [OLDER] | proof FILE VKEY | make DIR NAME COUNT WORD")
}

func main() {
	seen, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "verifier:", err)
		os.Exit(1)
	}
	fmt.Println(seen.origin, seen.tree.N, seen.tree.Hash)
}
