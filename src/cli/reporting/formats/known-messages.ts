/** What the text of a well-known program tells of who did what. */
export interface KnownMessage {
  readonly action: string;
  readonly outcome: "success" | "failure";
  readonly username?: string | undefined;
  readonly ip?: string | undefined;
}

interface Known {
  readonly program: RegExp;
  readonly pattern: RegExp;
  readonly action: string;
  readonly outcome: "success" | "failure";
}

/** Longer texts are none of these. */
const lengthMax = 1_024;

/**
 * How OpenSSH, PAM and sudo tell of logins. The groups are called `user` and `ip`. A user name is what somebody typed, so that the last
 * address in a line is the true one.
 */
const known: readonly Known[] = [
  {
    program: /^sshd/,
    pattern: /^Accepted \S+ for (?<user>.+) from (?<ip>\S+) port \d+(?: ssh2)?(?:: .*)?$/,
    action: "login",
    outcome: "success",
  },
  {
    program: /^sshd/,
    pattern: /^Failed \S+ for (?:invalid user )?(?<user>.+) from (?<ip>\S+) port \d+(?: ssh2)?(?:: .*)?$/,
    action: "login",
    outcome: "failure",
  },
  {
    program: /^sshd/,
    pattern: /^Invalid user (?<user>.+) from (?<ip>\S+)(?: port \d+)?$/,
    action: "login",
    outcome: "failure",
  },
  {
    program: /^sudo$/,
    pattern: /^\s*(?<user>\S+) : (?:user NOT in sudoers|\d+ incorrect password attempts?|command not allowed) ;/,
    action: "command",
    outcome: "failure",
  },
  { program: /^sudo$/, pattern: /^\s*(?<user>\S+) : .*\bCOMMAND=/, action: "command", outcome: "success" },
  {
    program: /./,
    pattern: /^pam_\w+\(\S+:auth\): authentication failure;.*?(?:\brhost=(?<ip>\S+))?(?: +user=(?<user>\S+))?$/,
    action: "login",
    outcome: "failure",
  },
];

/** What a program's text tells of, where that is known. */
export function findKnown(program: string, text: string): KnownMessage | undefined {
  if (text.length > lengthMax) return undefined;
  for (const { program: who, pattern, action, outcome } of known) {
    if (!who.test(program)) continue;
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return { action, outcome, username: groups["user"], ip: groups["ip"] };
  }
  return undefined;
}
