#!/bin/sh
# How schema-5.db was made, with the tix before format 6: the desk of schema-4.sh, API keys, and tickets that were
# created under an idempotency key. Run as: TIX=path/to/that/tix sh schema-5.sh OUT.db   (by root; times are fixed)
set -eu
. "$(dirname "$0")/schema-4.sh"
as root; at 2026-11-25T09:00:00Z
"$TIX" token add script --user sam --scope write
"$TIX" token add board --user lan --expires +90d
"$TIX" new "Created once" -m "o" --for lan --idempotency-key k1 </dev/null
as lan; "$TIX" new "Also once" -m "o" --idempotency-key k2 </dev/null
as root; "$TIX" export >"${1%.db}.jsonl"
