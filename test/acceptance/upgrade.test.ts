import { after, test } from "node:test";
import { kinds } from "../support/databases/databases.ts";
import { buildNextIronlog, type NextIronlog } from "../support/upgrade/next-ironlog.ts";
import { upgrade } from "../support/upgrade/upgrade.ts";

let built: Promise<NextIronlog> | undefined;
after(async () => (await built)?.[Symbol.dispose]());

for (const kind of kinds) {
  test(`an upgrade takes the log over, and an older program refuses it (${kind})`, async () => {
    built ??= buildNextIronlog();
    await upgrade(kind, await built, 300);
  });
}
