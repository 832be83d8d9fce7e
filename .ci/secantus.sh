#!/bin/sh
# A throw-away MongoDB-protocol server for the store contract (SecantusDB: WiredTiger behind the wire
# protocol; a separate process, GPL, never shipped).
#
#   .ci/secantus.sh install          puts it into a virtual environment under the cache
#   .ci/secantus.sh start <port>     installs if needed, starts on 127.0.0.1:<port>, prints the URI once ready
#   .ci/secantus.sh stop <port>      stops it and removes what it stored
#
# Exit status 3: it cannot be installed here (the reason is on stderr), so a caller can skip and say why.
# PARLEY_CI_CACHE moves the cache (default: .cache beside this file).
set -eu

version=0.7.0b3
cache=${PARLEY_CI_CACHE:-$(cd "$(dirname "$0")" && pwd)/.cache}
venv=$cache/secantus-$version
usage="usage: $0 install | start <port> | stop <port>"

cannot_install() {
  echo "secantus: cannot be installed: $1" >&2
  exit 3
}

install() {
  [ -f "$venv/.complete" ] && return
  command -v python3 >/dev/null || cannot_install "no python3"
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || cannot_install "python3 is older than 3.10"
  rm -rf "$venv"
  mkdir -p "$cache"
  echo "*" >"$cache/.gitignore"
  python3 -m venv "$venv" >&2 || cannot_install "python3 has no venv module"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    "SecantusDB==$version" >&2 || cannot_install "pip failed"
  touch "$venv/.complete"
}

# Removes a server's process and files; only ever a process this script started on that port.
stop() {
  run=$cache/run-$1
  if [ -f "$run/pid" ]; then
    pid=$(cat "$run/pid")
    kill "$pid" 2>/dev/null || true
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
      waited=$((waited + 1))
      if [ $waited -gt 100 ]; then kill -9 "$pid" 2>/dev/null || true; fi
      sleep 0.1
    done
  fi
  rm -rf "$run"
}

# Standalone: no replica set is advertised, because Parley must not need one.
start() {
  install
  stop "$1"
  run=$cache/run-$1
  mkdir -p "$run/data"
  "$venv/bin/secantusd-py" --host 127.0.0.1 --port "$1" --standalone --storage-path "$run/data" \
    >"$run/log" 2>&1 </dev/null &
  pid=$!
  echo "$pid" >"$run/pid"
  waited=0
  until grep -q "listening on" "$run/log"; do
    waited=$((waited + 1))
    if [ $waited -gt 300 ] || ! kill -0 "$pid" 2>/dev/null; then
      echo "secantus: did not start:" >&2
      tail -n 20 "$run/log" >&2
      stop "$1"
      exit 1
    fi
    sleep 0.1
  done
  echo "mongodb://127.0.0.1:$1/parley"
}

case "${1:-}" in
  install) install ;;
  start | stop)
    case "${2:-}" in
      "" | *[!0-9]*) echo "$usage" >&2 && exit 2 ;;
    esac
    "$1" "$2"
    ;;
  *) echo "$usage" >&2 && exit 2 ;;
esac
