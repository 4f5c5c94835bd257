"""Reads progress.csv over and over, as any other program would, until standard
input ends. For each line of standard input, and at its end, it reads once more
and says on standard output, on one line, what it has seen up to then.

Arguments: the file, and a JSON list of [account, video, caption] for each row.
"""

import csv
import json
import select
import sys

HEADER = ("job_id,account_name,video_path,caption,status,worker_id,"
          "timestamp,error,attempts,phase,not_before").split(",")
PHASES = ["", "posting", "posted"]
SHOWN = 20
PAUSE_S = 0.001

path = sys.argv[1]
with open(sys.argv[2], encoding="utf-8") as f:
    expected = json.load(f)

reads = unreadable = back = 0
problems = []
before = {}


def when(row):
    """How far the row is. Fractions of seconds are written without their last
    zeros, so they are not to be compared as they are."""
    second, _, fraction = row[6].rstrip("Z").partition(".")
    return second, fraction.ljust(9, "0"), PHASES.index(row[9])


def read():
    """One reading: the rows, or an exception that says why not."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f, strict=True))
    if rows[:1] != [HEADER]:
        raise ValueError("header %r" % rows[:1])
    rows = rows[1:]
    if len(rows) != len(expected):
        raise ValueError("%d rows, not %d" % (len(rows), len(expected)))
    for number, (row, inputs) in enumerate(zip(rows, expected), 1):
        if len(row) != len(HEADER):
            raise ValueError("row %d has %d fields" % (number, len(row)))
        if row[0] != str(number) or row[1:4] != inputs:
            raise ValueError("row %d is %r, not %r" % (number, row[:4], inputs))
        if not row[6].endswith("Z"):
            raise ValueError("row %d has the timestamp %r" % (number, row[6]))
        when(row)
    return rows


def note(text):
    if len(problems) < SHOWN:
        problems.append("read %d: %s" % (reads, text))


def once():
    global reads, unreadable, back
    reads += 1
    try:
        rows = read()
    except Exception as e:  # whatever it is, the file could not be read
        unreadable += 1
        note(repr(e))
        return []
    for row in rows:
        now = when(row)
        if now < before.get(row[0], now):
            back += 1
            note("row %s is at %r after %r" % (row[0], now, before[row[0]]))
        before[row[0]] = now
    return rows


asked = "\n"
while asked:
    ready = select.select([sys.stdin], [], [], PAUSE_S)[0]
    if ready:
        asked = sys.stdin.readline()
    rows = once()
    if ready:
        print(json.dumps({
            "reads": reads, "unreadable": unreadable, "back": back, "problems": problems,
            "rows": [{"status": row[4], "timestamp": row[6]} for row in rows],
        }), flush=True)
