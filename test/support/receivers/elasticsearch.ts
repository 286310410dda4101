import type { HttpReply, HttpRequest } from "./http-receiver.ts";

/** The bulk API of Elasticsearch, over documents by their ids. */
export interface FakeIndex {
  readonly documents: Map<string, unknown>;
  /** What a document gets instead of being created; undefined for none. */
  fault: (id: string) => { readonly status: number; readonly type: string; readonly reason: string } | undefined;
  readonly reply: (request: HttpRequest) => HttpReply;
}

export function fakeIndex(): FakeIndex {
  const index: FakeIndex = {
    documents: new Map(),
    fault: () => undefined,
    reply: ({ body }) => {
      const lines = body.toString().split("\n");
      if (lines.pop() !== "") return { status: 400, body: '{"error":"The bulk request must end with a newline"}' };
      const items = lines
        .flatMap((line, at) => (at % 2 === 0 ? [[line, lines[at + 1] ?? ""] as const] : []))
        .map(([action, document]) => ({ create: create(index, action, document) }));
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ items }) };
    },
  };
  return index;
}

function create({ documents, fault }: FakeIndex, action: string, document: string): object {
  const { _id: id } = (JSON.parse(action) as { readonly create: { readonly _id: string } }).create;
  const failed = fault(id);
  if (failed !== undefined) {
    return { status: failed.status, error: { type: failed.type, reason: failed.reason } };
  }
  if (documents.has(id)) return { status: 409, error: { type: "version_conflict_engine_exception", reason: "exists" } };
  documents.set(id, JSON.parse(document));
  return { status: 201 };
}
