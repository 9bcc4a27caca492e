#!/usr/bin/env python3
"""Prints the tables of src/base/text_columns.c from Python's copy of the Unicode character database."""
import unicodedata

# Format characters that a terminal draws: the soft hyphen and signs that stand before digits or letters.
DRAWN = {0xAD, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def zero(c):
    jamo = 0x1160 <= c <= 0x11FF or 0xD7B0 <= c <= 0xD7FF  # drawn into the syllable before them
    return jamo or (unicodedata.category(chr(c)) in ("Mn", "Me", "Cf") and c not in DRAWN)


def wide(c):
    # Python calls unassigned code points wide. By rule (UAX #11) only those of the two planes of ideographs are.
    if unicodedata.category(chr(c)) == "Cn":
        return 0x20000 <= c <= 0x2FFFD or 0x30000 <= c <= 0x3FFFD
    return not zero(c) and unicodedata.east_asian_width(chr(c)) in "WF"


def table(name, want):
    ranges = []
    for c in range(0x80, 0x110000):
        if not want(c):
            continue
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    print(f"static const struct span {name}[] = {{")
    cells = [f"{{ 0x{a:04x}, 0x{b:04x} }}," for a, b in ranges]
    for i in range(0, len(cells), 5):
        print("\t" + " ".join(cells[i:i + 5]))
    print("};\n")


print(f"/* Unicode {unicodedata.unidata_version} */")
table("zero_wide", zero)
table("two_wide", wide)
