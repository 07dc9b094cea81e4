#!/bin/sh
# How schema-4.db was made, with the tix before format 5: the desk of schema-3.sh, and mail: an address, a text of the
# desk's own, somebody who mutes a rule, mails that came in, and mails that wait to go out. Run as:
# TIX=path/to/that/tix sh schema-4.sh OUT.db   (by root; times are fixed)
set -eu
. "$(dirname "$0")/schema-3.sh"
as root; at 2026-11-24T09:00:00Z
"$TIX" config set mail.from_address desk@desk.example
"$TIX" mail text edit noted -m "{{ text }}"
"$TIX" user edit lan --email lan@acme.example
printf 'From: lan@acme.example\nMessage-ID: <one@acme.example>\nSubject: By mail\n\nIt smokes.\n' | "$TIX" mail in
printf 'From: eve@nowhere.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nAway.\n' | "$TIX" mail in || true
at 2026-11-24T10:00:00Z
as sam; "$TIX" notification mute changed
"$TIX" reply 8 -m "by mail now" </dev/null
as root; "$TIX" export >"${1%.db}.jsonl"
