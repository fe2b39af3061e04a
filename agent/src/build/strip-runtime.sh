#!/bin/sh
# Usage: strip-runtime.sh FOLDER
# Removes the symbols of the runtime's native code, which jlink keeps. Without strip (binutils) they stay.
set -eu
command -v strip >/dev/null || exit 0
find "$1" -type f \( -name '*.so' -o -path '*/bin/*' -o -name jexec -o -name jspawnhelper \) -exec strip --strip-unneeded {} +
