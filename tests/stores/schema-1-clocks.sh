#!/bin/sh
# How schema-1-clocks.db was made, with tix 0.1.0: tickets whose clocks stood still and began again, in every order
# that the first schema allows. Run as: TIX=path/to/tix-0.1.0 sh schema-1-clocks.sh OUT.db   (by a user called root)
set -eu
export TIX_STORE="$1" NO_COLOR=1
day=1 hour=8
# Each command an hour later than the one before.
do_() {
    hour=$((hour + 1)); [ $hour -lt 24 ] || { hour=0; day=$((day + 1)); }
    TIX_NOW=$(printf '2026-09-%02dT%02d:00:00Z' $day $hour); export TIX_NOW
    "$TIX" "$@" </dev/null
}
do_ init
do_ user add sam --role agent --name Sam
do_ user add lan --name Lan
do_ new "Held twice" -m x --for lan --due 2026-10-01
do_ hold 1
do_ start 1
do_ hold 1 --note "again"
do_ --as lan reply 1 -m "and now?"
do_ new "Held, closed, opened again, held" -m x --for lan
do_ hold 2
do_ close 2
do_ reopen 2
do_ hold 2
do_ start 2
do_ hold 2
do_ new "Opened again twice" -m x --for lan
do_ resolve 3
do_ --as lan reply 3 -m "it is back"
do_ hold 3
do_ start 3
do_ close 3
do_ reopen 3
do_ new "Left to lapse, then opened again" -m x --for lan
do_ hold 4
do_ resolve 4
day=9
do_ tick
do_ reopen 4
do_ hold 4
do_ reply 4 -m "on it" --status in-progress
do_ new "On hold for good" -m x --for lan
do_ hold 5
do_ new "Held over a move between workflows" -m x --for lan
do_ hold 6
do_ new "Never held" -m x --for lan
do_ new "Gone" -m x --for lan
do_ hold 8
do_ start 8
do_ delete 8 --yes
printf 'subject,message,status,created_at,closed_at\nFrom elsewhere,x,closed,2026-08-01,2026-08-02\n' > "$1.csv"
do_ import "$1.csv"
do_ reopen 9
do_ hold 9
do_ start 9
do_ workflow use osticket --map answered=open --map in-progress=open --map on-hold=open
do_ workflow use itflow
do_ hold 6 7
do_ start 6
do_ resolve 7
do_ reopen 7
do_ workflow use standard
do_ start 7
rm "$1.csv"
