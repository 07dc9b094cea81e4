#!/bin/sh
# How schema-1.db was made, with tix 0.1.0: a small desk in which everything the first schema holds occurs.
# Run as: TIX=path/to/tix-0.1.0 sh schema-1.sh OUT.db   (by a user called root; times are fixed)
set -eu
export TIX_STORE="$1" NO_COLOR=1
at() { TIX_NOW="$1"; export TIX_NOW; }
as() { TIX_USER="$1"; export TIX_USER; }
me() { unset TIX_USER; }
at 2026-11-02T09:00:00Z
"$TIX" init --prefix TCK- </dev/null
for one in sam kim; do "$TIX" user add $one --role agent --name "Agent $one"; done
"$TIX" user add lan --name "Lan Nguyễn" --email lan@x.example --phone "+84 90 1"
"$TIX" user add ana --name "Ana" --inactive
"$TIX" type add dark-detect
"$TIX" priority add vip --rank 50 --alias gold
"$TIX" config set claim_on_reply true
as lan; "$TIX" new "GPS lost ₿ ünïcode" -m "since nine
two lines" --type request -p high --idempotency-key k1 </dev/null
me; printf 'a file' > "$1.note.txt"
at 2026-11-02T10:00:00Z
as sam; "$TIX" reply 1 -m "restart it" --attach "$1.note.txt"
at 2026-11-02T10:30:00Z
"$TIX" hold 1 --note "waiting for parts: secretword"
at 2026-11-02T12:30:00Z
"$TIX" edit 1 --due 2026-11-05T12:00:00Z --tag gps --tag field --category hardware
as lan; at 2026-11-02T13:00:00Z
"$TIX" reply 1 -m "still lost"
as sam; at 2026-11-02T14:00:00Z
"$TIX" resolve 1 -m "replaced"
as lan; at 2026-11-02T15:00:00Z
"$TIX" rate 1 4 --comment "fast"
at 2026-11-02T16:00:00Z
"$TIX" reopen 1 -m "again"
me; at 2026-11-02T17:00:00Z
"$TIX" new "Second" -m "for somebody" --for "Pat Doe <pat@x.example>" --phone 555 -a kim --about campaign:42 --source phone --notify-email x@y.example -p vip </dev/null
"$TIX" hold 2
"$TIX" new "Third, to be deleted" -m "gone" </dev/null
"$TIX" delete 3 --yes
"$TIX" new "Fourth, resolved and left to lapse" -m "x" --for lan </dev/null
at 2026-11-03T09:00:00Z
"$TIX" resolve 4
"$TIX" new "Fifth, overdue" -m "y" --due 2026-11-04T09:00:00Z --for lan </dev/null
at 2026-11-10T09:00:00Z
"$TIX" new "Sixth, after the lapse" -m "z" --type dark-detect </dev/null
rm "$1.note.txt"
