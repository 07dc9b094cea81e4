#!/bin/sh
# How schema-2.db was made, with the tix before format 3: the desk of schema-1.sh, and what the second schema added
# that is counted or summed up. Run as: TIX=path/to/that/tix sh schema-2.sh OUT.db   (by root; times are fixed)
set -eu
. "$(dirname "$0")/schema-1.sh"
as root; at 2026-11-10T10:00:00Z
"$TIX" department add Support --sla sev-b
"$TIX" sla add "Night: 24x7" --grace 4h --response 30m
"$TIX" edit 6 --sla "Night: 24x7"
"$TIX" new "Seventh, in a department" -m "d" --for lan --department Support -a sam </dev/null
at 2026-11-10T10:20:00Z
"$TIX" time add 6 25m -m "worked"
as sam; "$TIX" reply 7 -m "in time" --time 10m
at 2026-11-10T12:00:00Z
"$TIX" resolve 7
as lan; "$TIX" rate 7 5
as root; at 2026-11-11T12:00:00Z
"$TIX" reply 6 -m "too late"
"$TIX" resolve 6
at 2026-11-22T09:00:00Z
"$TIX" export >"${1%.db}.jsonl"
