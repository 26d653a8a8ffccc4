#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes an assembler file that holds the query of the catalogs, every migration and the table of them (daemon/store/schema.h), in
# the order of their names below migrations/, whether they stand in the tree or were generated:
#     migrations/embed.sh OUT OBJECTS FILE...
# A FILE is called what stands behind `migrations/` in its path.
set -eu
out=$1
objects=$2
shift 2
files=$(for file in "$@"; do printf '%s %s\n' "${file##*migrations/}" "$file"; done | LC_ALL=C sort)
{
    printf '    .section .rodata\n'
    printf '    .globl schema_objects_sql\nschema_objects_sql: .incbin "%s"\n    .byte 0\n' "$objects"
    i=0
    while read -r name file; do
        printf 'name%d: .asciz "%s"\n' "$i" "$name"
        printf 'text%d: .incbin "%s"\n    .byte 0\n' "$i" "$file"
        i=$((i + 1))
    done <<FILES
$files
FILES
    printf '    .globl schema_files_n\n    .balign 4\nschema_files_n: .long %d\n' "$i"
    printf '    .section .data.rel.ro,"aw"\n    .globl schema_files\n    .balign 8\nschema_files:\n'
    n=0
    while [ "$n" -lt "$i" ]; do
        printf '    .quad name%d, text%d\n' "$n" "$n"
        n=$((n + 1))
    done
    printf '    .section .note.GNU-stack,"",@progbits\n'
} >"$out"
