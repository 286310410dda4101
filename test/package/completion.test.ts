import assert from "node:assert/strict";
import { symlinkSync, mkdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { completionFiles, writeCompletions } from "../../tools/package/completions.ts";
import { environmentOf } from "../support/cli/client-setting.ts";
import { freshFolder } from "../support/databases/databases.ts";
import { root } from "../support/processes/program.ts";
import { startServerProcess } from "../support/server.ts";
import { missing } from "./support/packages.ts";
import { succeed } from "./support/tools.ts";

/** A machine's /usr/share and a path with `ironlog`, and a profile `prod`. */
async function installed(): Promise<{
  readonly setting: AsyncDisposable;
  readonly share: string;
  env: NodeJS.ProcessEnv;
}> {
  await using opening = new AsyncDisposableStack();
  // A process of its own: it must answer while a step here waits.
  const server = opening.use(await startServerProcess({ kind: "sqlite" }));
  const { folder } = opening.use(freshFolder());
  const share = path.join(folder, "share");
  writeCompletions(share);
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(path.join(root, "bin/ironlog"), path.join(bin, "ironlog"));
  const environment = environmentOf(folder);
  const env = { ...environment, PATH: `${bin}:${environment["PATH"]}`, LC_ALL: "C.UTF-8" };
  succeed("ironlog", ["login", "prod", `${server.url}/MAAS/`, server.firstLogin.apiKey], { env });
  return { setting: opening.move(), share, env };
}

/** Lines as they are typed, and what the Tab key makes of them. */
const lines = [
  ["ironlog hea", "ironlog health "],
  ["ironlog prod eve", "ironlog prod events "],
  ["ironlog prod events query level=AUDIT own", "ironlog prod events query level=AUDIT owner="],
  ["ironlog prod events search outcome=fai", "ironlog prod events search outcome=failure"],
  ["ironlog prod users sessions adm", "ironlog prod users sessions admin"],
  ["ironlog prod node-scripts create script@=/etc/hostn", "ironlog prod node-scripts create script@=/etc/hostname"],
] as const;

test("bash completes with the installed file", { skip: await missing("bash") }, async () => {
  const { setting, share, env } = await installed();
  await using _setting = setting;
  for (const [typed, completed] of lines) {
    const program = `
      . "${path.join(share, completionFiles.bash)}"
      COMP_LINE=$1 COMP_POINT=\${#1}
      eval "$(complete -p ironlog | sed 's/.*-F \\([^ ]*\\).*/\\1/') ironlog"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const candidates = succeed("bash", ["-c", program, "bash", typed], { env }).trim().split("\n");
    assert.equal(candidates.length, 1);
    assert.notEqual(candidates[0], "");
    assert.ok(completed.trim().endsWith(candidates[0] ?? "nothing"), candidates.join());
  }
});

test("zsh completes with the installed file", { skip: await missing("zsh") }, async () => {
  const { setting, share, env } = await installed();
  await using _setting = setting;
  const functions = path.join(share, path.dirname(completionFiles.zsh));
  // An interactive zsh in a terminal of its own; Ctrl-X prints the line as it has become.
  const program = `
    zmodload zsh/zpty
    zpty terminal "zsh -f -i"
    zpty -w terminal "PS1=; fpath=(${functions} \\$fpath); autoload -Uz compinit; compinit -u -D; \\
      show() { print -r -- \\"<\\$BUFFER>\\"; exit }; zle -N show; bindkey '^X' show"
    zpty -w -n terminal "$1"$'\\t\\x18'
    while zpty -r terminal line; do print -r -- "$line"; done`;
  for (const [typed, completed] of lines) {
    const screen = succeed("zsh", ["-f", "-c", program, "zsh", typed], { env });
    assert.equal(/<(ironlog .*)>/.exec(screen)?.[1]?.trim(), completed.trim(), screen);
  }
});

test("fish completes with the installed file", { skip: await missing("fish") }, async () => {
  const { setting, share, env } = await installed();
  await using _setting = setting;
  for (const [typed, completed] of lines) {
    const program = `source ${path.join(share, completionFiles.fish)}; complete -C '${typed}'`;
    const candidates = succeed("fish", ["--no-config", "-c", program], { env }).trim().split("\n");
    const last = completed.trim().split(" ").at(-1) ?? "";
    assert.ok(candidates.includes(last), `${typed}: ${candidates.join()}`);
  }
});

test(
  "zsh and fish complete with what `ironlog completion` prints",
  { skip: await missing("zsh", "fish") },
  async () => {
    const { setting, env } = await installed();
    await using _setting = setting;
    const zsh = `autoload -Uz compinit; compinit -u -D; eval "$(ironlog completion zsh)"; print $_comps[ironlog] $_comps[maas]`;
    assert.equal(succeed("zsh", ["-f", "-c", zsh], { env }), "_ironlog _ironlog\n");
    const fish = "ironlog completion fish | source; complete -C 'ironlog prod eve'";
    assert.equal(succeed("fish", ["--no-config", "-c", fish], { env }), "events\n");
  },
);
