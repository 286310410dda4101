/** A small disk of the test's own, for what `unshare` runs in it: before its size, its folder and the command. */
export const smallDisk = [
  "-rm",
  "/bin/sh",
  "-c",
  'mount -t tmpfs -o size="$1" tmpfs "$2" || exit 9; shift 2; exec "$@"',
  "sh",
];
