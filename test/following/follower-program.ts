import { createInterface } from "node:readline";
import { postgresAt, sqliteAt } from "../support/databases/locations.ts";
import { openDatabase } from "../../src/database/opening.ts";
import { watchLog } from "../../src/events/streaming/log-watch.ts";
import { follow } from "../../src/following/follow.ts";
import { Workers } from "../../src/following/workers.ts";

// A process with one worker that follows a log, for tests that kill and freeze it. Before each batch's work it says so; the
// work is done as soon as the test writes a line.

const [, , kind, place = ""] = process.argv;
await using open = await openDatabase(kind === "postgres" ? postgresAt(place) : sqliteAt(place));
const { db, leases } = open;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (text: string): void => void process.stdout.write(`${text}\n`);

await using workers = new Workers({ db, leases, log: { info() {}, error: (_, sentence) => say(sentence) } });
const watch = watchLog(db);
workers.add(watch.worker);
const follower = follow(
  {
    name: "test",
    runs: "once",
    batchMax: 10,
    startsAt: "beginning",
    complaint: "the work failed",
    async work(events) {
      say(`working ${events[0]?.id}-${events.at(-1)?.id}`);
      await lines.next();
      say(`worked ${events[0]?.id}-${events.at(-1)?.id}`);
    },
  },
  { db, watch },
);
let standsBy = false;
workers.add({
  ...follower,
  async turn(turn) {
    turn.signal.addEventListener("abort", () => say("told to end"));
    return follower.turn(turn);
  },
  async standBy() {
    if (standsBy) return;
    standsBy = true;
    say("standing by");
  },
});
await workers.start("nowhere");
say("started");
await new Promise((resolve) => process.once("SIGTERM", resolve));
// Open, it would keep the process.
process.stdin.destroy();
