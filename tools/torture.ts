import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";

// Runs what breaks things at length: kills, restarts, two servers, full disks, and thousands of changes behind the log's
// back, each round from a seed of its own. A round that fails is run again by giving its seed.

const usage = `Usage: npm run torture -- [STEP …] [--minutes N | --rounds N] [--seed N]

  STEP          what to run, such as insider or tamper (default: everything)

  --minutes N   how long to go on; a step that has begun is finished (default: 30)
  --rounds N    how many rounds; one of insider or tamper is 1,000 manipulations, half of them on each PostgreSQL
  --seed N      the seed of the first round (default: drawn)
`;

interface Step {
  readonly name: string;
  readonly file: string;
  readonly env: (seed: number) => Readonly<Record<string, string>>;
  /** Whether it has a PostgreSQL: then it runs on the newest one and on the oldest that is supported. */
  readonly hasPostgres: boolean;
}

/** Seeds of one step on one PostgreSQL. */
const seedsMax = 500;

const steps: readonly Step[] = [
  {
    name: "proofs",
    file: "test/transparency/proofs.test.ts",
    env: (seed) => ({ PROOF_SEED: String(seed) }),
    hasPostgres: false,
  },
  {
    name: "tamper",
    file: "test/transparency/tamper.test.ts",
    // Seeds one after the other: those of another round are others.
    env: (seed) => ({ TAMPER_ROUNDS: String(seedsMax), TAMPER_SEED: String(seed) }),
    hasPostgres: true,
  },
  {
    name: "insider",
    file: "test/transparency/insider/insider-torture.test.ts",
    env: (seed) => ({ INSIDER_ROUNDS: String(seedsMax), INSIDER_SEED: String(seed) }),
    hasPostgres: true,
  },
  { name: "kill", file: "test/crash/kill.test.ts", env: () => ({}), hasPostgres: true },
  {
    name: "forwarding",
    file: "test/crash/forwarding-kill.test.ts",
    env: (seed) => ({ FORWARDING_KILLS: "200", FORWARDING_SEED: String(seed) }),
    hasPostgres: true,
  },
  {
    name: "restart and two servers",
    file: "test/crash/postgres-restart.test.ts",
    env: () => ({ RESTART_ROUNDS: "20" }),
    hasPostgres: true,
  },
  {
    name: "stopped",
    file: "test/crash/postgres-frozen.test.ts",
    env: () => ({ FREEZE_ROUNDS: "3" }),
    hasPostgres: true,
  },
  { name: "full disk", file: "test/crash/full-disk.test.ts", env: () => ({ FULL_ROUNDS: "10" }), hasPostgres: false },
];

const root = path.resolve(import.meta.dirname, "..");
/** No step comes near it. */
const testTimeoutMs = 3_600_000;

process.exitCode = await torture();

async function torture(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: "string" },
      rounds: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const roundsMax = Number(values.rounds ?? Infinity);
  const minutes = Number(values.minutes ?? (values.rounds === undefined ? 30 : Infinity));
  const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000_000));
  const wanted = positionals.length === 0 ? steps : steps.filter(({ name }) => positionals.includes(name));
  const isUnknown = positionals.some((name) => steps.every((step) => step.name !== name));
  if (values.help === true || isUnknown || !(minutes > 0) || !(roundsMax > 0) || !Number.isSafeInteger(firstSeed)) {
    process.stdout.write(usage);
    return values.help === true ? 0 : 2;
  }
  const end = Date.now() + minutes * 60_000;
  let failures = 0;
  let rounds = 0;
  do {
    const seed = firstSeed + 2 * seedsMax * rounds;
    rounds += 1;
    process.stdout.write(`round ${rounds}: --seed ${seed}\n`);
    for (const step of wanted) {
      for (const [at, postgres] of (step.hasPostgres ? ["18", "14"] : ["18"]).entries()) {
        if (!(await run(step, seed + at * seedsMax, postgres))) failures += 1;
        if (Date.now() >= end) break;
      }
      if (Date.now() >= end) break;
    }
  } while (Date.now() < end && rounds < roundsMax);
  process.stdout.write(`${rounds} rounds, ${failures === 0 ? "nothing failed" : `${failures} steps FAILED`}\n`);
  return failures === 0 ? 0 : 1;
}

/** One test file in a process of its own. What it counts is shown, and where it fails all that it says. */
async function run({ name, file, env }: Step, seed: number, postgres: string): Promise<boolean> {
  const start = Date.now();
  const args = ["--test", `--test-timeout=${testTimeoutMs}`, file];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env(seed), IRONLOG_TEST_POSTGRES: postgres },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = Math.round((Date.now() - start) / 1000);
  process.stdout.write(`  ${code === 0 ? "ok    " : "FAILED"} ${name} (PostgreSQL ${postgres}), ${seconds} s\n`);
  const said = Buffer.concat(chunks).toString();
  const counted = said.split("\n").filter((line) => line.includes("from seed"));
  process.stdout.write(code === 0 ? counted.map((line) => `         ${line.replace(/^\W+/, "")}\n`).join("") : said);
  return code === 0;
}
