import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { completionScripts, type Shell } from "../../src/cli/help/completion-scripts.ts";

// Writes what packages install for completion: `node tools/package/completions.ts FOLDER`.

/** Where each shell looks for the completion of `ironlog`, below /usr/share. */
export const completionFiles: Readonly<Record<Shell, string>> = {
  bash: "bash-completion/completions/ironlog",
  zsh: "zsh/vendor-completions/_ironlog",
  fish: "fish/vendor_completions.d/ironlog.fish",
};

/** Writes a script for each shell below the folder, which stands for /usr/share. A `maas` of Canonical's keeps its own. */
export function writeCompletions(folder: string): void {
  for (const shell of Object.keys(completionFiles) as Shell[]) {
    const file = path.join(folder, completionFiles[shell]);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, completionScripts[shell](["ironlog"]));
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("Usage: node tools/package/completions.ts FOLDER");
  writeCompletions(folder);
}
