import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { kinds } from "../../support/databases/databases.ts";
import { meddleWith } from "./cloned-log.ts";
import { complaint } from "./complaint.ts";
import { otherStates } from "./part.ts";
import { prepareLog } from "./prepared-log.ts";

// What nothing inside shows to somebody who has nothing else: a whole log in place of this one, by its own keys.

const words = {
  earlier: {
    seen: /^this server has seen \d+ events, and the log has \d+$/,
    kept: /has signed \d+ events, and the log has \d+: its end was cut off$/,
  },
  forked: {
    seen: /^the first \d+ events are not those that this server has seen$/,
    kept: /^the first \d+ events are not those that .* has signed$/,
  },
};

for (const kind of kinds) {
  test(`an older log, or one written anew with its keys: what is noted beside the keys shows it, and without that a kept checkpoint alone (${kind})`, async () => {
    await using log = await prepareLog(kind);
    const since = path.join(log.stored.folders.now, "log.key.checkpoint");
    for (const name of otherStates) {
      const found = async (files: readonly string[], kept: readonly (readonly [string, string])[] = []) => {
        const parts = [{ what: name, role: "file owner", state: { name, files } }] as const;
        await using meddled = await meddleWith(log, { seed: 0, parts, isUndone: false });
        return await complaint(meddled, kept);
      };
      assert.match((await found(["log.key.checkpoint"])) ?? "", words[name].seen);
      assert.match((await found(["append.key.seen"])) ?? "", words[name].kept);
      assert.equal(await found(["append.key.seen", "log.key.checkpoint"]), undefined);
      assert.match(
        (await found(["append.key.seen", "log.key.checkpoint"], [["since", since]])) ?? "",
        words[name].kept,
      );
    }
  });
}
