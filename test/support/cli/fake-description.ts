/** A `describe/` document of the form that MAAS and Ironlog send. */
export function fakeDescription(): { hash: string; resources: readonly unknown[]; [key: string]: unknown } {
  const resources = [
    resource(
      "AccountHandler",
      "account/",
      [],
      [action("create_authorisation_token", "POST", "Create a token", { name: "Optional. The token's name." })],
    ),
    resource(
      "EventsHandler",
      "events/",
      [],
      [
        action("query", "GET", "List node events", {
          level: "Optional. Level name, 100%.",
          owner: "Optional. The user whose events to list.",
          limit: "Optional. How many.",
        }),
      ],
    ),
    resource(
      "MaasHandler",
      "maas/",
      [],
      [
        action("get_config", "GET", "Get a setting", { name: "Required. Its name." }),
        action("set_config", "POST", "Set a setting", { name: "Required. Its name.", value: "Optional. Its value." }),
      ],
    ),
    resource(
      "UsersHandler",
      "users/",
      [],
      [
        verb("create", "POST", "Create a user", { username: "Required. The name." }),
        verb("read", "GET", "List users"),
        action("whoami", "GET", "Read yourself"),
      ],
    ),
    resource(
      "UserHandler",
      "users/{username}/",
      ["username"],
      [
        verb("read", "GET", "Read a user"),
        verb("delete", "DELETE", "Delete a user", { transfer_resources_to: "Optional. The heir." }),
      ],
    ),
    resource(
      "SSHKeysHandler",
      "account/prefs/sshkeys/",
      [],
      [action("import", "POST", "Import keys", { keysource: "Required. lp:ID or gh:ID." })],
    ),
    resource(
      "NodeScriptsHandler",
      "scripts/",
      [],
      [verb("create", "POST", "Create a script", { name: "Required. The name.", script: "Required. The content." })],
    ),
    resource(
      "NodeScriptHandler",
      "scripts/{name}",
      ["name"],
      [
        verb("update", "PUT", "Update a script", { title: "Optional. The title." }),
        action("download", "GET", "Download a script", { revision: "Optional. Which." }),
      ],
    ),
    {
      name: "VersionHandler",
      anon: handler("AnonVersionHandler", "version/", [], [verb("read", "GET", "Read the version")]),
      auth: null,
    },
  ];
  return { doc: "MAAS API", resources, hash: "5cfe2bd0" };
}

interface FakeAction {
  readonly name: string;
  readonly method: string;
  readonly op: string | null;
  readonly restful: boolean;
  readonly doc: string;
}

function resource(name: string, path: string, params: readonly string[], actions: readonly FakeAction[]): unknown {
  return { name, anon: null, auth: handler(name, path, params, actions) };
}

function handler(name: string, path: string, params: readonly string[], actions: readonly FakeAction[]): unknown {
  const doc = `What ${name} is.\n\nMore about it.`;
  return { name, doc, params, path: `/MAAS/api/2.0/${path}`, uri: `http://elsewhere/MAAS/api/2.0/${path}`, actions };
}

type Parameters = Readonly<Record<string, string>>;

function action(name: string, method: string, title: string, parameters: Parameters = {}): FakeAction {
  return { name, method, op: name, restful: false, doc: docOf(title, parameters) };
}

function verb(name: string, method: string, title: string, parameters: Parameters = {}): FakeAction {
  return { name, method, op: null, restful: true, doc: docOf(title, parameters) };
}

function docOf(title: string, parameters: Parameters): string {
  const fields = Object.entries(parameters).map(([name, text]) => `:param ${name}: ${text}\n:type ${name}: String`);
  return [title, `${title}, described.`, fields.join("\n\n ")].join("\n\n");
}
