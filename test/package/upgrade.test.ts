import { after, test } from "node:test";
import { kinds } from "../support/databases/databases.ts";
import { buildNextIronlog, type NextIronlog } from "../support/upgrade/next-ironlog.ts";
import { revertAndRestore, upgrade } from "../support/upgrade/upgrade.ts";

let built: Promise<NextIronlog> | undefined;
after(async () => (await built)?.[Symbol.dispose]());

// Here and not in `npm test`, where the same runs with a short log and without the ways back: it takes minutes.
for (const kind of kinds) {
  test(
    `an upgrade, a refused downgrade, the way on and the way back by a backup, with 100,000 events (${kind})`,
    { timeout: 600_000 },
    async () => {
      built ??= buildNextIronlog();
      await upgrade(kind, await built, 100_000, revertAndRestore);
    },
  );
}
