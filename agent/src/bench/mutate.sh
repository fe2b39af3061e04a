#!/bin/sh
# Feeds the parser of each native tool 1,000,000 damaged lines (or LINES) in a heap of 64 MiB and
# prints the duration of each. Fails at the first crash, wrong view or lack of memory; the message
# names the format and the seed. It runs the test ParserMutationTest, without JUnit, on the captures
# under agent/src/test/resources/io/portcurfew/observe/command.
#
# usage: agent/src/bench/mutate.sh [LINES]
#
# Needs JDK 17 or later and Maven.
set -eu

agent=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mvn ${MAVEN_ARGS:-} -q -B -f "$agent/.." -pl agent -DskipTests test-compile
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx64m -Dportcurfew.mutations="${1:-1000000}" \
  -cp "$agent/target/classes:$agent/target/test-classes" \
  io.portcurfew.observe.command.ParserMutationTest
