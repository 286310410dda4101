import { execFile } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { buildIfStale } from "../tools/build.ts";

/** How long a query takes on the command line, start to end, beside the start of Node itself. */
export const name = "cli-start";

/** Enough for a steady median; each run takes some 50 ms. */
const runs = 15;

const executable = path.resolve(import.meta.dirname, "..", "dist", "ironlog.cjs");
const runFile = promisify(execFile);

/** Median wall times, in turn: `node -e 0` and `ironlog bench events query level=AUDIT` against a server that answers at once. */
export async function run(): Promise<{ ratio: number; ours: number; reference: number; unit: string }> {
  await buildIfStale();
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(request.url?.includes("/describe/") ? description : page);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ironlog-bench-"));
  try {
    const environment = { ...process.env, IRONLOG_CONFIG_DIR: folder };
    await timeMs(
      [...flags, executable, "login", "bench", urlOf(server.address()), "consumer:token:secret"],
      environment,
    );
    const references: number[] = [];
    const ours: number[] = [];
    for (let turn = 0; turn < runs; turn++) {
      references.push(await timeMs(["-e", "0"], environment));
      ours.push(await timeMs([...flags, executable, "bench", "events", "query", "level=AUDIT"], environment));
    }
    const [referenceMs, oursMs] = [median(references), median(ours)];
    return { ratio: referenceMs / oursMs, ours: oursMs, reference: referenceMs, unit: "ms" };
  } finally {
    fs.rmSync(folder, { recursive: true });
    server.close();
  }
}

/** As `bin/ironlog` starts a client. */
const flags = ["--max-semi-space-size=16", "--min-semi-space-size=16", "--disable-sigusr1"];

async function timeMs(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const startMs = performance.now();
  await runFile(process.execPath, args, { env });
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function urlOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}/MAAS/`;
}

/** A page of the usual length, 100 events. */
const page = JSON.stringify(
  {
    count: 100,
    events: Array.from({ length: 100 }, (_, index) => ({
      username: "johnnybegood",
      node: null,
      hostname: "",
      id: 100 - index,
      level: "AUDIT",
      created: "Mon, 12 Feb. 2018 22:34:46",
      type: "Authorisation",
      description: "User 'johnnybegood' logged in.",
    })),
    next_uri: "/MAAS/api/2.0/events/?op=query&level=AUDIT&after=100",
    prev_uri: "/MAAS/api/2.0/events/?op=query&level=AUDIT&before=1",
  },
  undefined,
  4,
);

/** A description as long as a real server's: the profile is read with each command. */
const description = JSON.stringify({
  hash: "bench",
  resources: ["Events", ...Array.from({ length: 39 }, (_, index) => `Resource${index}`)].map((name) => ({
    name: `${name}Handler`,
    anon: null,
    auth: {
      doc: `What can be done with ${name}.`,
      params: [],
      path: `/MAAS/api/2.0/${name.toLowerCase()}/`,
      actions: ["query", "create", "read", "update", "delete"].map((action) => ({
        name: action,
        method: "GET",
        op: action,
        doc: `Title\n\nDescription.\n\n${":param level: Optional. Which level to show, and some more words.\n:type level: String\n\n".repeat(4)}`,
      })),
    },
  })),
});
