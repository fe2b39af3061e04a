#!/bin/sh
# Usage: runtime-age.sh VERSION
# Warns if the JDK of this build, whose runtime goes into the package, is older than the one that the
# distribution offers. On a system without apt nothing is compared.
command -v apt-cache >/dev/null && command -v dpkg >/dev/null || exit 0
feature=${1%%.*}
offered=$(LC_ALL=C apt-cache policy "openjdk-$feature-jre-headless" | sed -n 's/^ *Candidate: //p')
case $offered in '' | '(none)') exit 0 ;; esac
if dpkg --compare-versions "$1" lt "${offered%%+*}"; then
  echo "WARNING: the package gets the Java runtime $1 of this build, and the distribution offers $offered."
  echo "         Build with the newer JDK, which has its security fixes: apt-get install openjdk-$feature-jdk-headless"
fi
