#!/bin/sh
# Runs the tests on a fresh clone: the packages first, then test/run.ts on the Node that they bring.
set -eu
cd "$(dirname "$0")/.."

command -v npm >/dev/null 2>&1 || { echo "The tests need npm, which is not installed." >&2; exit 1; }

# npm writes node_modules/.package-lock.json last: older than the lock file, or absent, means out of date or half done.
if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "installing packages (npm ci)"
  # A lock file made where some platforms' optional packages were missing is refused by npm ci; npm install obeys the rest.
  npm ci || npm install --no-save
  touch node_modules/.package-lock.json
fi

PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node_modules/.bin/node test/run.ts "$@"
