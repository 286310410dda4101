/** Every command that works on this machine's data, with words that it takes; what it writes goes into `folder`. */
export function localCommands(folder: string): readonly (readonly string[])[] {
  return [
    ["migrate"],
    ["createadmin", "--username", "ada", "--password", "a password 1", "--email", "ada@example.com"],
    ["apikey", "--username", "ada"],
    ["changepassword", "ada"],
    ["resetfactor", "ada"],
    ["events", "export"],
    ["backup", `${folder}/backup.gz`],
    ["log", "export", `${folder}/export.gz`],
    ["log", "verify"],
    ["log", "key"],
    ["log", "proof", "1"],
    ["log", "bundle", "-o", `${folder}/bundle`],
    ["log", "renew-identity"],
  ];
}
