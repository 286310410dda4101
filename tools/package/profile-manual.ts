import { parseDescription } from "../../src/cli/client/api-description.ts";
import { parameterNames, parseOperationDoc } from "../../src/cli/help/operation-doc.ts";
import { parseNativeApi } from "../../src/cli/native/native-api.ts";
import { describeOperations } from "../../src/http/maas/description.ts";
import { openApiDocument } from "../../src/http/native/openapi.ts";
import { describedOperations } from "../../src/operations.ts";
import { version } from "../../src/terminal/version.ts";
import type { Page } from "./roff.ts";

/** The page of what a server can be asked for, which a client learns from the server itself. */
export async function profilePage(): Promise<Omit<Page, "seeAlso">> {
  const { maas, native } = await describedOperations("2.9");
  const { resources } = parseDescription(
    describeOperations(maas).documentFor("http://localhost:5240"),
    "authenticated",
  );
  const own = parseNativeApi(openApiDocument(native, version)).resources;
  return {
    name: "ironlog-profile",
    section: 1,
    summary: "Ask a server for something, over MAAS's API or Ironlog's own.",
    help,
    more: {
      "OPERATIONS OF IRONLOG'S OWN API": Object.values(own).flatMap((commands) =>
        Object.values(commands).map((command) =>
          row(
            command,
            command.summary,
            [...command.query, ...command.body].map(({ name }) => name),
          ),
        ),
      ),
      "OPERATIONS OF MAAS'S API": Object.values(resources).flatMap(({ name: resource, operations }) =>
        Object.values(operations).map(({ name, params, doc }) =>
          row({ resource, name, params }, parseOperationDoc(doc).title, parameterNames(doc)),
        ),
      ),
    },
  };
}

interface Words {
  readonly resource: string;
  readonly name: string;
  readonly params: readonly string[];
}

function row({ resource, name, params }: Words, title: string, keys: readonly string[]): readonly [string, string] {
  const said = `${title.replace(/\.$/, "")}.`;
  const words = [resource, name, ...params.map((param) => param.toUpperCase())].join(" ");
  return [words, keys.length === 0 ? said : `${said}\nKeys: ${[...new Set(keys)].join(", ")}.`];
}

const help = `Usage: ironlog PROFILE RESOURCE OPERATION [NAME ...] [KEY=VALUE ...]

A profile is a server that you logged in to with ironlog login. What it can be asked for is listed here as this version's server offers
it to an administrator; 'ironlog PROFILE --help' lists what your server offers you, and 'ironlog PROFILE RESOURCE OPERATION --help'
says what each key means. KEY@=FILE sends a file's content.

  -h, --help        Show the help of as much as is given.
  -d, --debug       Show the answer's status and headers, on standard error.
  -k, --insecure    Take any certificate the server shows.
  --output FORMAT   table, json, jsonl or csv: of Ironlog's own operations.
  -o, --file FILE   Write into a new file: of Ironlog's own operations.

Examples:
  ironlog prod events query level=AUDIT owner=ada limit=20
  ironlog prod events search user=bob since=24h
  ironlog prod events follow outcome=failure
`;
