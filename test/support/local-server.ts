import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { startApp } from "../../src/app.ts";
import { serverConfig } from "../../src/config.ts";
import { openCopy } from "../../src/database/opening.ts";
import type { Environment } from "../../src/environment.ts";
import { createLogger } from "../../src/logger.ts";
import { type FirstLoginParts, keepFirstLogin } from "../../src/startup-message.ts";
import { mainFile } from "./processes/program.ts";
import { visible } from "../../src/terminal/visible.ts";

/** Next to nothing: most tests make people, and few are about their passwords. */
const passwordCost = { memory: 8, passes: 1, parallelism: 1 };

/** What makes people in the database of a server that runs, without a request. */
export type ServerDatabase = Pick<FirstLoginParts, "db" | "passwords">;

/** A server in the test's own process. */
export interface InProcessServer extends AsyncDisposable {
  readonly url: string;
  readonly database: ServerDatabase;
  /** The lines of its log. */
  readonly output: string;
  stop(): Promise<void>;
  /** Waits until what it logged matches. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** What only a server in this process can be started with. */
export interface InProcessParts {
  readonly keepsSearchIndex?: boolean;
  /** True at the first start on a copy of a database: nobody can have changed its tables. */
  readonly isCopy?: boolean;
}

/** Starts one as `serve` would with these arguments and this environment. */
export async function startInProcess(
  args: readonly string[],
  environment: Environment,
  { keepsSearchIndex = false, isCopy = false }: InProcessParts = {},
): Promise<InProcessServer> {
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(chunk.toString());
      for (const listener of listeners) listener();
      done();
    },
  });
  const config = serverConfig(args, environment);
  const log = createLogger(config.logLevel, visible, destination);
  let database: ServerDatabase | undefined;
  const showFirstLogin = async (parts: FirstLoginParts): Promise<void> => {
    // Every start asks for this, so here the tests get hold of the server's own database.
    database = parts;
    await keepFirstLogin(parts);
  };
  const own = { log, passwordCost, showFirstLogin, looksByShippedRules: false };
  const app = await startApp(config, { ...own, mainFile, keepsSearchIndex, ...(isCopy && { openAt: openCopy }) });
  assert(database !== undefined);
  return {
    url: app.url.replace(/\/$/, ""),
    database,
    get output() {
      return lines.join("");
    },
    stop: async () => app.stop(),
    until: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.join("").match(pattern);
          if (found === null) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => app[Symbol.asyncDispose](),
  };
}
