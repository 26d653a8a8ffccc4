#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes an assembler file that holds the query of the catalogs, every migration and the table of them (daemon/store/schema.h):
#     migrations/embed.sh OUT OBJECTS FILE...
# A FILE is called what stands behind `migrations/` in its path.
set -eu
out=$1
objects=$2
shift 2
{
    printf '    .section .rodata\n'
    printf '    .globl schema_objects_sql\nschema_objects_sql: .incbin "%s"\n    .byte 0\n' "$objects"
    i=0
    for file in "$@"; do
        printf 'name%d: .asciz "%s"\n' "$i" "${file##*migrations/}"
        printf 'text%d: .incbin "%s"\n    .byte 0\n' "$i" "$file"
        i=$((i + 1))
    done
    printf '    .globl schema_files_n\n    .balign 4\nschema_files_n: .long %d\n' "$i"
    printf '    .section .data.rel.ro,"aw"\n    .globl schema_files\n    .balign 8\nschema_files:\n'
    n=0
    while [ "$n" -lt "$i" ]; do
        printf '    .quad name%d, text%d\n' "$n" "$n"
        n=$((n + 1))
    done
    printf '    .section .note.GNU-stack,"",@progbits\n'
} >"$out"
