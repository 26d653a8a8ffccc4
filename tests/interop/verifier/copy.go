// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8 // of a tile
	width  = 1 << height
)

// memory is every hash of a tree, in tlog's order.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(m)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		hashes[i] = m[index]
	}
	return hashes, nil
}

func (m *memory) add(n int64, leaf tlog.Hash) error {
	more, err := tlog.StoredHashesForRecordHash(n, leaf, *m)
	*m = append(*m, more...)
	return err
}

// root is that of RFC 6962 for an empty tree as well, where tlog's is all zeros.
func (m memory) root(size int64) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, m)
}

// place is where C2SP tlog-tiles keeps a tile: tlog's own path without its height, and `entries` for its `data`.
func place(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tile.H))
	if tile.L == -1 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

// tileAt is the reverse.
func tileAt(place string) (tlog.Tile, error) {
	path := strings.TrimPrefix(place, "tile/")
	if strings.HasPrefix(path, "entries/") {
		path = "data" + strings.TrimPrefix(path, "entries")
	}
	return tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", height, path))
}

// folder reads tiles as tlog asks for them.
type folder string

func (f folder) read(tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), place(tile)))
}

func (f folder) Height() int                     { return height }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// entries of a bundle: u16 length and bytes, so many and nothing more.
func entries(bundle []byte, count int) (all [][]byte, err error) {
	for ; count > 0; count-- {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("the bundle lacks %d entries", count)
		}
		n := 2 + int(binary.BigEndian.Uint16(bundle))
		all, bundle = append(all, bundle[2:n]), bundle[n:]
	}
	if len(bundle) > 0 {
		return nil, fmt.Errorf("%d bytes behind the entries of a bundle", len(bundle))
	}
	return all, nil
}

// treeTiles are those that a tree of this size is made of; of a level that ends within a tile, that one as far as it goes.
func treeTiles(size int64) (tiles []tlog.Tile) {
	for level := 0; size > 0; level, size = level+1, size>>height {
		for n := int64(0); n*width < size; n++ {
			tile := bundleTile(n, size)
			tile.L = level
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

func bundleTile(n, size int64) tlog.Tile {
	tile := tlog.Tile{H: height, L: -1, N: n, W: width}
	if left := size - n*width; left < width {
		tile.W = int(left)
	}
	return tile
}

// hashEntries hashes every entry of the copy into a tree, whose leaves it returns as well.
func (f folder) hashEntries(size int64) (all memory, leaves []tlog.Hash, err error) {
	for n := int64(0); n*width < size; n++ {
		tile := bundleTile(n, size)
		bundle, err := f.read(tile)
		if err != nil {
			return nil, nil, err
		}
		found, err := entries(bundle, tile.W)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", place(tile), err)
		}
		for i, entry := range found {
			leaf := tlog.RecordHash(entry)
			leaves = append(leaves, leaf)
			if err := all.add(n*width+int64(i), leaf); err != nil {
				return nil, nil, err
			}
		}
	}
	return all, leaves, nil
}

// checkTile compares a file, which may be of a smaller tree, with what the entries make.
func (f folder) checkTile(tile tlog.Tile, size int64, all memory) error {
	data, err := f.read(tile)
	if err != nil {
		return err
	}
	if first := tile.N * width; tile.L == -1 {
		if tile.W < 1 || first+int64(tile.W) > size {
			return fmt.Errorf("%s: not of this tree", place(tile))
		}
		whole, err := f.read(bundleTile(tile.N, size))
		if err != nil || !bytes.HasPrefix(whole, data) {
			return fmt.Errorf("%s: not the beginning of the bundle", place(tile))
		}
		_, err = entries(data, tile.W)
		return err
	}
	want, err := tlog.ReadTileData(tile, all)
	if err != nil || !bytes.Equal(want, data) {
		return fmt.Errorf("%s: not what the entries hash to", place(tile))
	}
	return nil
}

// checkFiles looks at every tile that must be there, and at every file that is.
func (f folder) checkFiles(size int64, all memory) error {
	for _, tile := range treeTiles(size) {
		if err := f.checkTile(tile, size, all); err != nil {
			return err
		}
	}
	return filepath.WalkDir(filepath.Join(string(f), "tile"), func(path string, entry fs.DirEntry, err error) error {
		if size == 0 && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(string(f), path)
		if err != nil {
			return err
		}
		tile, err := tileAt(name)
		if err != nil || place(tile) != name {
			return fmt.Errorf("%s: not a tile's place", name)
		}
		return f.checkTile(tile, size, all)
	})
}

// checkProofs proves every entry, and the older tree, from the copy's tiles alone. tlog 0.7 does not authenticate all that it
// reads (where the right edge has two subtrees in one tile): a proof counts when it was checked against the signed root.
func (f folder) checkProofs(tree, older tlog.Tree, leaves []tlog.Hash) error {
	reader := tlog.TileHashReader(tree, f)
	for n, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(n), reader)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), leaf)
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	if older.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, older.N, reader)
	if err == nil {
		err = tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
	}
	if err != nil {
		return fmt.Errorf("the older checkpoint, of %d entries: %w", older.N, err)
	}
	return nil
}

func checkCopy(dir, vkey, older string) (seen checkpoint, err error) {
	key, err := readVerifier(vkey)
	if err != nil {
		return seen, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return seen, err
	}
	if seen, err = openCheckpoint(text, key); err != nil {
		return seen, err
	}
	var before checkpoint
	if older != "" {
		if text, err = os.ReadFile(older); err != nil {
			return seen, err
		}
		if before, err = openCheckpoint(text, key); err != nil {
			return seen, fmt.Errorf("%s: %w", older, err)
		}
	}
	copied := folder(dir)
	all, leaves, err := copied.hashEntries(seen.tree.N)
	if err != nil {
		return seen, err
	}
	root, err := all.root(seen.tree.N)
	if err != nil || root != seen.tree.Hash {
		return seen, fmt.Errorf("the entries hash to the root %v, signed is %v", root, seen.tree.Hash)
	}
	if err = copied.checkFiles(seen.tree.N, all); err != nil {
		return seen, err
	}
	return seen, copied.checkProofs(seen.tree, before.tree, leaves)
}
