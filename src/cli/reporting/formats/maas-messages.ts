import { descriptionFrom, findName } from "../../../reported/other-words.ts";
import { dashed } from "./program-message.ts";

/** What a message of MAAS's security log tells. */
export interface Meaning {
  readonly type: string;
  /** Behind `maas.`. */
  readonly action: string;
  readonly outcome: "success" | "failure";
  readonly description: string;
  readonly target?: { readonly kind: string; readonly id?: string; readonly name?: string };
  readonly details?: Readonly<Record<string, string>>;
}

/** What a message such as `AUTHN_login_unsuccessful` tells, of the user that its line names. */
export function findMeaning(message: string, acting: string | undefined): Meaning {
  const [word = "", ...parts] = message.split(":");
  const who = acting === undefined ? "somebody" : `'${acting}'`;
  return (
    simple(word, who) ?? ofUser(word, parts) ?? ofAnything(word, parts) ?? ofToken(word, parts) ?? unknown(message)
  );
}

function simple(word: string, who: string): Meaning | undefined {
  switch (word) {
    case "AUTHN_login_successful":
      return login("success", `MAAS let ${who} in.`);
    case "AUTHN_login_unsuccessful":
      return login("failure", `MAAS refused a login of ${who}.`);
    case "AUTHN_authentication_successful":
      return authentication("success", `MAAS recognised ${who}.`);
    case "AUTHN_authentication_failed":
      return authentication("failure", `MAAS did not recognise ${who}.`);
    case "AUTHZ_fail":
      return {
        type: "MAAS_AUTHORISATION",
        action: "authorise",
        outcome: "failure",
        description: `MAAS refused ${who} what they have no right to.`,
      };
    default:
      return undefined;
  }
}

function login(outcome: Meaning["outcome"], description: string): Meaning {
  return { type: "MAAS_LOGIN", action: "login", outcome, description };
}

function authentication(outcome: Meaning["outcome"], description: string): Meaning {
  return { type: "MAAS_AUTHENTICATION", action: "authenticate", outcome, description };
}

const acts: Readonly<Record<string, string>> = {
  created: "create",
  updated: "update",
  deleted: "delete",
  revoked: "revoke",
  reused: "reuse",
};

/** `USER_created:NAME:Admin`, and passwords. A name may have colons; a role has none. */
function ofUser(word: string, parts: readonly string[]): Meaning | undefined {
  const common = { outcome: "success" } as const;
  if (word === "AUTHN_password_changed") {
    const name = parts.join(":");
    return {
      ...common,
      type: "MAAS_PASSWORD",
      action: "password.change",
      description: `The password of '${name}' was changed in MAAS.`,
      ...targetOf("user", name),
    };
  }
  const done = /^USER_(created|updated|deleted)$/.exec(word)?.[1];
  if (done === undefined) return undefined;
  const role = done === "deleted" ? undefined : parts.at(-1);
  const name = (role === undefined ? parts : parts.slice(0, -1)).join(":");
  return {
    ...common,
    type: "MAAS_USER",
    action: `user.${acts[done]}`,
    description: `The user '${name}' was ${done} in MAAS${role === undefined ? "" : `, as ${role}`}.`,
    ...targetOf("user", name),
    ...(role !== undefined && { details: { role } }),
  };
}

/** `AUTHZ_administrative:TYPE:created:ID`. */
function ofAnything(word: string, [kind = "", done = "", ...rest]: readonly string[]): Meaning | undefined {
  const act = acts[done];
  if (word !== "AUTHZ_administrative" || kind === "" || act === undefined) return undefined;
  const id = rest.join(":");
  return {
    type: "MAAS_ADMINISTRATION",
    action: `${dashed(kind)}.${act}`,
    outcome: "success",
    description: `The ${kind} ${id} was ${done} in MAAS.`,
    ...(findName(id) !== undefined && findName(kind) !== undefined && { target: { kind, id } }),
  };
}

/** `AUTHN_token_created:KIND`. That a token was used again behind its end is a sign that it was stolen. */
function ofToken(word: string, parts: readonly string[]): Meaning | undefined {
  const done = /^AUTHN_token_(created|deleted|revoked|reused)$/.exec(word)?.[1];
  if (done === undefined) return undefined;
  const kind = parts.join(":");
  return {
    type: "MAAS_TOKEN",
    action: `token.${acts[done]}`,
    outcome: done === "reused" ? "failure" : "success",
    description: `A token${kind === "" ? "" : ` (${kind})`} was ${done} in MAAS.`,
    ...(kind !== "" && { details: { kind } }),
  };
}

function unknown(message: string): Meaning {
  return {
    type: "MAAS_SECURITY",
    action: "security",
    outcome: /fail|unsuccessful|denied/i.test(message) ? "failure" : "success",
    description: descriptionFrom(message) || "(no text)",
  };
}

function targetOf(kind: string, name: string): Pick<Meaning, "target"> {
  return findName(name) === undefined ? {} : { target: { kind, name } };
}
