# SPDX-License-Identifier: Apache-2.0
# A file of migrations/api as PostgreSQL gets it:
#     awk -f migrations/gen_api.awk ENUMS... migrations/api/FILE.sql
# ENUMS are proto/*.proto and daemon/registry/part.h. A value of an enum stands in the source by its name (OUTCOME_CLAIM_UNKNOWN), here as its number with the name behind it
# (126 /* OUTCOME_CLAIM_UNKNOWN */): lines stay what they are. Behind the last one comes what \df+ and \dv+ tell: the comment that
# stands right before each CREATE.
function wrong(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
    failed = 1
}

function named(word) {
    if (word !~ /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/ || word in sql_words)
        return word
    if (!(word in numbers))
        wrong(word " is no value of an enum")
    return numbers[word] " /* " word " */"
}

# A line with its names resolved, but for those in strings and comments. `inside`: the end of what an earlier line has left open.
function resolved(line,    out) {
    out = ""
    while (line != "") {
        if (inside != "") {
            if (!match(line, inside))
                return out line
            inside = ""
        } else if (match(line, /\/\*|--|'|[A-Za-z_][A-Za-z0-9_]*/)) {
            word = substr(line, RSTART, RLENGTH)
            if (word == "--")
                return out line
            if (word == "/*")
                inside = "[*]/"
            else if (word == "'")
                inside = word
            else {
                out = out substr(line, 1, RSTART - 1) named(word)
                line = substr(line, RSTART + RLENGTH)
                continue
            }
        } else
            return out line
        out = out substr(line, 1, RSTART + RLENGTH - 1)
        line = substr(line, RSTART + RLENGTH)
    }
    return out
}

# The comment that is being read, and the statements that come last.
function heard(line,    kind, name) {
    if (line ~ /^\/\*/) {
        comment = ""
        reading = 1
    }
    if (reading) {
        reading = line !~ /\*\/ *$/
        gsub(/^( |\/)\*+ ?| *\*+\/ *$|^ +/, "", line)
        comment = comment (line == "" ? (comment == "" ? "" : "\n\n") : (comment ~ /(^|\n)$/ ? "" : " ") line)
        return
    }
    if (line ~ /^CREATE (FUNCTION|PROCEDURE|VIEW|TYPE) /) {
        split(line, words, /[ (]/)
        kind = words[2]
        name = words[3]
        if (comment == "" || comment ~ /^----/)
            wrong(name " has no comment right before it")
        gsub(/\n+$/, "", comment)
        gsub(/'/, "''", comment)
        comments = comments "COMMENT ON " kind " " name " IS '" comment "';\n"
    }
    comment = ""
}

BEGIN {
    split("ROW_COUNT", words, " ") # what PostgreSQL writes like that
    for (i in words)
        sql_words[words[i]]
}
FILENAME ~ /\.(proto|h)$/ {
    if (/^enum /)
        enum = 1
    else if (/^}/)
        enum = 0
    else if (enum && /^ +[A-Z][A-Z0-9_]* = [0-9]+[;,]/) {
        if ($1 in numbers)
            wrong($1 " stands for two values")
        numbers[$1] = $3 + 0
    }
    next
}
{
    heard($0)
    print resolved($0)
}
END {
    printf "%s", comments
    exit failed
}
