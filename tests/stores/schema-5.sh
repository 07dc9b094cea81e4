#!/bin/sh
# How schema-5.db was made, with the tix before format 6: the desk of schema-4.sh, and API keys: one of an admin that
# expires, one of a requester that may write. Run as: TIX=path/to/that/tix sh schema-5.sh OUT.db   (by root; times are fixed)
set -eu
. "$(dirname "$0")/schema-4.sh"
as root; at 2026-11-25T09:00:00Z
"$TIX" token add backup --expires 2027-12-31 >/dev/null
"$TIX" token add lan-writes --user lan --scope write >/dev/null
"$TIX" export >"${1%.db}.jsonl"
