import { BadArguments, readArguments, usage } from "../test/conformance/checklist/arguments.ts";
import { checklist } from "../test/conformance/checklist/checklist.ts";
import { judge, type Statement, type Verdict } from "../test/conformance/checklist/statement.ts";
import { NoWorld, openWorld } from "../test/conformance/checklist/world.ts";

// Checks a running server against the compatibility checklist, over plain HTTP: `npm run conformance`. Exit status 0
// where all that could be checked is so, 1 where something isn't, 2 where nothing could be checked.

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BadArguments || error instanceof NoWorld)) throw error;
  process.stderr.write(`${error.message}\n${error instanceof BadArguments ? `\n${usage}` : ""}`);
  process.exitCode = 2;
}

async function run(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const { url, apiKey, only } = asked;
  await using world = await openWorld(url, apiKey, (sentence) => process.stderr.write(`${sentence}\n`));
  let isInterrupted = false;
  // What was made must go: the statement at hand is ended, and no other begun.
  process.once("SIGINT", () => (isInterrupted = true));
  const verdicts: Verdict[] = [];
  for (const statement of checklist.filter(({ number }) => only?.has(number) !== false)) {
    if (isInterrupted) break;
    const verdict = await judge(statement, world);
    verdicts.push(verdict);
    process.stdout.write(`${line(statement, verdict)}\n`);
  }
  const checked = verdicts.filter(({ state }) => state !== "not checkable").length;
  const passed = verdicts.filter(({ state }) => state === "ok").length;
  process.stdout.write(`${checked} of ${checklist.length} statements checked, ${passed} passed\n`);
  if (isInterrupted) return 130;
  return checked > 0 && passed === checked ? 0 : 1;
}

function line({ number, sentence }: Statement, verdict: Verdict): string {
  const head = `${String(number).padStart(2)}. ${sentence}`;
  if (verdict.state === "ok") return `ok     ${head}`;
  if (verdict.state === "failed") return `FAILED ${head} Expected ${verdict.expected}; came ${verdict.came}`;
  return `-      ${head} Not checkable: ${verdict.why}`;
}
