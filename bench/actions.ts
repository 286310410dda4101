import { machineActor } from "../src/audit/actor.ts";
import { sqliteAt } from "../test/support/databases/locations.ts";
import { perform } from "../src/audit/perform.ts";
import { openDatabase } from "../src/database/opening.ts";
import { renameToken } from "../src/tokens/actions.ts";
import { inTurn, type Measurement } from "./support/case.ts";
import { filledLog } from "./support/filled-log.ts";

const rounds = 9;
const actionsPerRound = 640;
const concurrency = 64;

/** Audited actions a second, 64 at a time, against the same one by one: a durable commit for each. */
export async function run(): Promise<Readonly<Record<string, Measurement>>> {
  using log = await filledLog(10_000);
  await using open = await openDatabase(sqliteAt(log.file));
  const machine = machineActor("bench");
  const act = async (name: string): Promise<void> => {
    await perform(open.db, machine, renameToken, { userId: 1, tokenKey: log.credentials.tokenKey, name });
  };
  const rate = async (lanes: number): Promise<number> => {
    const start = performance.now();
    const lane = async (number: number): Promise<void> => {
      for (let index = 0; index < actionsPerRound / lanes; index += 1) await act(`${number}-${index}`);
    };
    await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
    return (actionsPerRound * 1000) / (performance.now() - start);
  };
  await rate(concurrency);
  return {
    actions: await inTurn(
      rounds,
      "actions/s",
      () => rate(concurrency),
      () => rate(1),
    ),
  };
}
