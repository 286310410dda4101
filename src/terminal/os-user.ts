import os from "node:os";

/** The operating system's name for whoever runs this; `uid:N` where it has none, as in many containers. */
export function osUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}
