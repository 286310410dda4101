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
    examples: [],
  });
  assert.deepEqual(parameterNames(doc), ["level", "owner", "bare"]);
});

test("a doc may be a title alone, or empty; its percent signs are written twice", () => {
  assert.deepEqual(parseOperationDoc("Read 100%% of\n it"), {
    title: "Read 100% of it",
    description: "",
    parameters: [],
    examples: [],
  });
  assert.deepEqual(parseOperationDoc(""), { title: "", description: "", parameters: [], examples: [] });
});

test("examples are taken out of the doc; what only has their heading is prose", () => {
  const command = "Example:\n    maas $PROFILE user read bob\n    maas $PROFILE user read joe";
  const { description, parameters, examples } = parseOperationDoc(`${doc}\n${command}\n`);
  assert.deepEqual(examples, ["user read bob", "user read joe"]);
  assert.deepEqual([description, parameters], [parseOperationDoc(doc).description, parseOperationDoc(doc).parameters]);
  assert.equal(parseOperationDoc("Read\n\nExample:\n    12").description, "Example:\n    12");
});
