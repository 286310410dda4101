import assert from "node:assert/strict";
import { test } from "node:test";
import { parameterNames, parseOperationDoc } from "./operation-doc.ts";

const doc = `List events

List events, newest first:

- one
- two

:param level: Optional. Level name,
    one of many.
:type level: String

 :param owner: Required. The user.
:type owner: String
:param bare:
`;

test("a doc is a title, a description and parameters with types", () => {
  assert.deepEqual(parseOperationDoc(doc), {
    title: "List events",
    description: "List events, newest first:\n\n- one\n- two",
    parameters: [
      { name: "level", type: "String", text: "Optional. Level name, one of many." },
      { name: "owner", type: "String", text: "Required. The user." },
      { name: "bare", type: undefined, text: "" },
    ],
  });
  assert.deepEqual(parameterNames(doc), ["level", "owner", "bare"]);
});

test("a doc may be a title alone, or empty; its percent signs are written twice", () => {
  assert.deepEqual(parseOperationDoc("Read 100%% of\n it"), {
    title: "Read 100% of it",
    description: "",
    parameters: [],
  });
  assert.deepEqual(parseOperationDoc(""), { title: "", description: "", parameters: [] });
});
