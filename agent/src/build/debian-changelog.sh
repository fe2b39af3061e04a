#!/bin/sh
# Usage: debian-changelog.sh CHANGELOG.md > changelog
# Prints the changelog in the form of deb-changelog(5). A version that is not released yet has the day after the
# version before it, so that the same sources give the same file.
set -eu
awk '
  /^## [0-9]/ { version = $2; date = $3; gsub(/[()]/, "", date); print "@", version, date; next }
  version == "" { next }
  /^- / { print "*" substr($0, 2); next }
  /^  [^ ]/ { print "+" substr($0, 2) }
' "$1" | {
  versions=$(sed -n 's/^## [0-9.]* (\(2[0-9-]*\)).*/\1/p' "$1" | head -n 1)
  signature=
  while IFS= read -r line; do
    case $line in
      '@ '*)
        [ -z "$signature" ] || printf '\n%s\n\n' "$signature"
        # shellcheck disable=SC2086
        set -- $line
        day=$3
        [ "$day" != unreleased ] || day="$versions + 1 day"
        signature=" -- Portcurfew maintainers <maintainers@portcurfew.invalid>  $(LC_ALL=C date -u -d "$day" '+%a, %d %b %Y %H:%M:%S +0000')"
        printf 'portcurfew (%s) unstable; urgency=medium\n\n' "$2"
        ;;
      '*'*) printf '%s\n' "${line#\*}" | fold -s -w 72 | sed 's/ *$//; 1s/^ */  * /; 2,$s/^ */    /' ;;
      '+'*) printf '%s\n' "${line#+}" | fold -s -w 72 | sed 's/ *$//; s/^ */    /' ;;
    esac
  done
  printf '\n%s\n' "$signature"
}
