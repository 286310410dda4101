import { type TObject, Type } from "typebox";

/** A list without pages. */
export function listOf<Item extends TObject>(item: Item) {
  return Type.Object({ items: Type.Array(item), newer: Type.Null(), older: Type.Null() });
}

/** What `listOf` describes. */
export function nativeList<Item>(items: readonly Item[]) {
  return { items, newer: null, older: null };
}
