#!/bin/sh
# How schema-3.db was made, with the tix before format 4: the desk of schema-2.sh, and who follows, was notified, holds
# an address or a saved view: what mail reads. Run as: TIX=path/to/that/tix sh schema-3.sh OUT.db   (by root; times are
# fixed)
set -eu
. "$(dirname "$0")/schema-2.sh"
as root; at 2026-11-23T09:00:00Z
"$TIX" client add Acme --domain acme.example
"$TIX" user add carl --name "Carl" --client Acme --email carl@acme.example
"$TIX" department edit Support --email support@desk.example
"$TIX" canned add hello -m "Dear {{ requester.first_name }}"
"$TIX" config set prefix TCK2-
"$TIX" new "Eighth, followed" -m "e" --for carl --cc lan --cc outside@x.example -a sam </dev/null
"$TIX" new "Ninth, the same again" -m "n" --for carl --email other@acme.example </dev/null
at 2026-11-23T10:00:00Z
as sam; "$TIX" reply 8 -m "look here"
"$TIX" note 8 -m "secretword again"
"$TIX" merge 9 --into 8 --yes
as carl; "$TIX" reply 8 -m "thanks"
as sam; "$TIX" view add mine --mine
at 2026-11-23T11:00:00Z
"$TIX" snooze 8 --until +3d
"$TIX" resolve 8
as root; "$TIX" export >"${1%.db}.jsonl"
