// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func (f folder) write(name string, data []byte) error {
	path := filepath.Join(string(f), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o666)
}

// invented is entry n: of every length from none on.
func invented(word string, n int64) []byte {
	return []byte(strings.Repeat(fmt.Sprintf("%s %d;", word, n), int(n%40)))
}

// signed is a checkpoint of the tree under the key of that name, whose public line is returned with it.
func signed(name string, tree tlog.Tree) (text []byte, vkey string, err error) {
	seed := sha256.Sum256([]byte(name))
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed[:]), name)
	if err != nil {
		return nil, "", err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, "", err
	}
	body := fmt.Sprintf("%s\n%d\n%v\n", name, tree.N, tree.Hash)
	text, err = note.Sign(&note.Note{Text: body}, signer)
	return text, vkey, err
}

func (f folder) writeTiles(word string, size int64, all memory) error {
	for _, tile := range treeTiles(size) {
		data, err := tlog.ReadTileData(tile, all)
		if err == nil {
			err = f.write(place(tile), data)
		}
		if err != nil {
			return err
		}
	}
	for n := int64(0); n*width < size; n++ {
		var bundle []byte
		tile := bundleTile(n, size)
		for i := int64(0); i < int64(tile.W); i++ {
			entry := invented(word, n*width+i)
			bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
			bundle = append(bundle, entry...)
		}
		if err := f.write(place(tile), bundle); err != nil {
			return err
		}
	}
	return nil
}

func makeLog(dir, name, count, word string) (made checkpoint, err error) {
	size, err := decimal(count)
	if err != nil {
		return made, err
	}
	var all memory
	for n := int64(0); n < size; n++ {
		if err = all.add(n, tlog.RecordHash(invented(word, n))); err != nil {
			return made, err
		}
	}
	root, err := all.root(size)
	if err != nil {
		return made, err
	}
	made = checkpoint{name, tlog.Tree{N: size, Hash: root}}
	text, vkey, err := signed(name, made.tree)
	if err != nil {
		return made, err
	}
	f := folder(dir)
	if err = f.writeTiles(word, size, all); err != nil {
		return made, err
	}
	for n := int64(0); n < size; n++ {
		hashes, err := tlog.ProveRecord(size, n, all)
		if err != nil {
			return made, err
		}
		proof := proofFile{invented(word, n), n, hashes, string(text)}
		if err = f.write(itoa(n)+".tlog-proof", []byte(proof.String())); err != nil {
			return made, err
		}
	}
	if err = f.write("log.vkey", []byte(vkey+"\n")); err != nil {
		return made, err
	}
	return made, f.write("checkpoint", text)
}
