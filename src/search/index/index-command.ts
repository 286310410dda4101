import { createInterface } from "node:readline";
import { dataConfig, dataSettings } from "../../config.ts";
import { openForReading } from "../../database/reading.ts";
import { settingsHelp } from "../../settings-help.ts";
import { exitStatus, refuseWords } from "../../terminal/exit.ts";
import type { CommandBody } from "../../terminal/local-command.ts";
import { print } from "../../terminal/print.ts";
import { type FoundDamage, indexFile } from "../query/index-reader.ts";
import { keepIndex } from "./index-keeper.ts";

/** `search index`: what a server runs beside itself. It ends when its standard input does, as it does when the server is killed. */
export const searchIndexCommand: CommandBody = {
  usage: `Usage: ironlog search index [OPTION …]

Keep the search index, search.db in the data directory, up to date with the log, until
standard input ends. The server runs this by itself. Prints a line of JSON whenever it
has come further; a line on standard input says what is wrong with the index, and has it
built again.

${settingsHelp(dataSettings)}`,

  async run(args) {
    const { config, words } = dataConfig(args, {});
    refuseWords(words);
    await using reading = await openForReading(config.database);
    const ending = new AbortController();
    let wake = (): void => {};
    const damage: FoundDamage[] = [];
    const input = createInterface({ input: process.stdin });
    input.on("line", (line) => {
      // Only the server writes them.
      damage.push(JSON.parse(line) as FoundDamage);
      wake();
    });
    input.on("close", () => {
      ending.abort();
      wake();
    });
    let told = "";
    await keepIndex({
      db: reading.db,
      file: indexFile(config.dataFolder),
      signal: ending.signal,
      takeDamage: () => damage.splice(0).at(-1),
      tell(what) {
        const line = JSON.stringify(what);
        // What doesn't change is told once.
        if (line !== told) void print(`${line}\n`);
        told = line;
      },
      async rest(ms) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        if (ending.signal.aborted || damage.length > 0) resolve();
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
      },
    });
    return exitStatus.success;
  },
};
