#!/usr/bin/env python3
"""Turns the cells of a terminal (`tmux capture-pane -p -e` on standard input) into an SVG on standard output.

Usage: cells_to_svg.py COLUMNS TITLE
"""
import re
import sys
import unicodedata
from html import escape

CELL_WIDTH, CELL_HEIGHT, MARGIN, BAR = 8.4, 18, 14, 30
BACKGROUND, FOREGROUND, FRAME = "#14171c", "#d5d9e0", "#232830"
PALETTE = ["#2b303b", "#e06c75", "#8cc265", "#d9a343", "#5aa2f0", "#c678dd", "#3fb6c6", "#d5d9e0",
           "#6b7484", "#ff7b86", "#a5e075", "#f0c15c", "#7fbcff", "#de8df2", "#56d4e6", "#ffffff"]


def of_256(n):
    """The colour of a number between 0 and 255."""
    if n < 16:
        return PALETTE[n]
    if n >= 232:
        return "#%02x%02x%02x" % ((8 + (n - 232) * 10,) * 3)
    n -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return "#%02x%02x%02x" % (steps[n // 36], steps[n // 6 % 6], steps[n % 6])


class Look:
    """What the escape sequences so far say of the next cell."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.fore = self.back = None
        self.bold = self.dim = self.underline = self.reverse = False

    def take(self, numbers):
        numbers = numbers or [0]
        while numbers:
            n = numbers.pop(0)
            if n == 0:
                self.reset()
            elif n in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[n], True)
            elif n == 22:
                self.bold = self.dim = False
            elif n == 24:
                self.underline = False
            elif n == 27:
                self.reverse = False
            elif 30 <= n <= 37 or 90 <= n <= 97:
                self.fore = PALETTE[n - 30 if n < 90 else n - 82]
            elif 40 <= n <= 47 or 100 <= n <= 107:
                self.back = PALETTE[n - 40 if n < 100 else n - 92]
            elif n in (38, 48) and numbers[:1] == [5]:
                colour = of_256(numbers[1])
                del numbers[:2]
                self.fore, self.back = (colour, self.back) if n == 38 else (self.fore, colour)
            elif n == 39:
                self.fore = None
            elif n == 49:
                self.back = None

    def key(self):
        fore, back = self.fore or FOREGROUND, self.back
        if self.reverse:
            fore, back = back or BACKGROUND, fore
        return fore, back, self.bold, self.dim, self.underline


def width(sign):
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def spans(line, look):
    """Pieces of a line that look alike: (column, columns, look, text)."""
    column, found = 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m|\x1b[^\[]..?|[\x0e\x0f])", line):
        if part.startswith("\x1b["):
            look.take([int(n or 0) for n in part[2:-1].split(";")])
        elif part and part[0] not in "\x1b\x0e\x0f":
            columns = sum(map(width, part))
            found.append((column, columns, look.key(), part))
            column += columns
    return found


def draw(span, row):
    column, columns, (fore, back, bold, dim, underline), text = span
    x, y = MARGIN + column * CELL_WIDTH, BAR + MARGIN + row * CELL_HEIGHT
    if back:
        yield f'<rect x="{x:.1f}" y="{y}" width="{columns * CELL_WIDTH:.1f}" height="{CELL_HEIGHT}" fill="{back}"/>'
    if not text.strip():
        return
    more = ' font-weight="bold"' * bold + ' opacity=".6"' * dim + ' text-decoration="underline"' * underline
    yield (f'<text x="{x:.1f}" y="{y + 13.5}" fill="{fore}" textLength="{columns * CELL_WIDTH:.1f}" '
           f'lengthAdjust="spacingAndGlyphs" xml:space="preserve"{more}>{escape(text)}</text>')


def main():
    columns, title = int(sys.argv[1]), sys.argv[2]
    lines = sys.stdin.read().rstrip("\n").split("\n")
    wide = columns * CELL_WIDTH + 2 * MARGIN
    high = len(lines) * CELL_HEIGHT + 2 * MARGIN + BAR
    look = Look()
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high}" viewBox="0 0 {wide:.0f} {high}" '
          'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">')
    print(f"<title>{escape(title)}</title>")
    print(f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>')
    print(f'<path d="M0 {BAR}V8a8 8 0 0 1 8-8H{wide - 8:.0f}a8 8 0 0 1 8 8V{BAR}z" fill="{FRAME}"/>')
    print(f'<text x="{wide / 2:.0f}" y="20" fill="#8b94a5" text-anchor="middle" font-size="13">{escape(title)}</text>')
    for row, line in enumerate(lines):
        for span in spans(line, look):
            for element in draw(span, row):
                print(element)
    print("</svg>")


main()
