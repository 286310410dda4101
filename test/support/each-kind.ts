import { suite } from "node:test";
import { type Kind, kinds } from "./databases/databases.ts";

/** Defines tests for each kind of database. The kinds run side by side, each kind's tests one after the other. */
export function forEachKind(define: (kind: Kind) => void): void {
  suite("on each database", { concurrency: kinds.length }, () => {
    for (const kind of kinds) suite(kind, { concurrency: 1 }, () => define(kind));
  });
}
