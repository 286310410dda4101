import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { MaasDatabaseStandIn } from "./maas-database.ts";

/** What became of the ids that writers have drawn. */
export interface Written {
  readonly committed: readonly number[];
  readonly undone: readonly number[];
}

/**
 * Writers beside each other, each transaction with some events and pauses between them; some are rolled back. So rows become
 * visible in another order than that of their ids. `random` gives 0 to 1.
 */
export async function writeAtRandom(
  maas: MaasDatabaseStandIn,
  { writers, isOver, random }: { readonly writers: number; isOver(): boolean; random(): number },
): Promise<Written> {
  const committed: number[] = [];
  const undone: number[] = [];
  let begun = 0;
  const write = async (client: pg.Client): Promise<void> => {
    while (!isOver()) {
      begun += 1;
      await client.query("begin isolation level repeatable read");
      const ids: number[] = [];
      const count = 1 + Math.floor(random() * 4);
      for (let n = 0; n < count; n += 1) {
        ids.push(await maas.write({ description: `Did ${begun}.` }, client));
        if (random() < 0.5) await sleep(random() * 20);
        // Longer than from one poll of a mirror to the next.
        if (random() < 0.03) await sleep(500);
      }
      const isUndone = random() < 0.3;
      await client.query(isUndone ? "rollback" : "commit");
      (isUndone ? undone : committed).push(...ids);
    }
  };
  const clients = await Promise.all(Array.from({ length: writers }, () => maas.connect()));
  await Promise.all(clients.map((client) => write(client)));
  const ascending = (ids: readonly number[]): readonly number[] => ids.toSorted((one, other) => one - other);
  return { committed: ascending(committed), undone: ascending(undone) };
}
