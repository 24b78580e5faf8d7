#!/usr/bin/env bash
# Runs a command on the committed state of this checkout inside a fresh Debian 12 that has Node and
# nothing else (debootstrap minbase). Needs root and debootstrap; leaves nothing behind.
#
#   scripts/try-in-bare-root.sh 'npm install && npm run demo'
set -euo pipefail
command=${1:?the command to run, as one string}
checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
root=$(mktemp -d "${TMPDIR:-/tmp}/bare-root-XXXXXX")
chmod 755 "$root" # as any root directory, or its other users see nothing

clean_up() {
  for mounted in dev sys proc; do
    umount -R "$root/$mounted" 2>/dev/null || true
  done
  # A mount that could not be undone must not be deleted through.
  if ! grep -q " $root/" /proc/mounts; then rm -rf --one-file-system "$root"; fi
}
trap clean_up EXIT

debootstrap --variant=minbase --include=ca-certificates,libstdc++6 bookworm "$root" >"$root.log" 2>&1 ||
  { tail -n 20 "$root.log" >&2; exit 1; }
rm -f "$root.log"

# What this machine needs to reach its registries: certificates, resolver, package sources.
cp -a /etc/ssl/certs/. "$root/etc/ssl/certs/"
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
cp -a /etc/apt/. "$root/etc/apt/"
for config in /etc/npmrc /root/.npmrc; do
  if [ -f "$config" ]; then cp "$config" "$root$config"; fi
done

node=$(readlink -f "$(command -v node)")
modules=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/lib/node_modules" "$root/work"
cp "$node" "$root/usr/bin/node"
cp -a "$modules" "$root/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/bin/npx"
git -C "$checkout" archive HEAD | tar -x -C "$root/work"

for mounted in proc sys dev; do
  mount --rbind "/$mounted" "$root/$mounted" 2>/dev/null || mount --bind "/$mounted" "$root/$mounted"
  mount --make-rslave "$root/$mounted"
done

chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  TERM="${TERM:-dumb}" NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
  sh -c "cd /work && $command"
