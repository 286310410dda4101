import { actionFrom, findName } from "../../../reported/other-words.ts";
import type { Reported } from "../reported.ts";
import { fitDetails } from "./details.ts";
import type { Format } from "./format.ts";
import { findMeaning, type Meaning } from "./maas-messages.ts";
import { saidByMaas } from "./maas-prefix.ts";
import { parseObject } from "./json.ts";

/** So many requests are remembered: what tells of a login comes soon behind what tells of its request. */
const requestsMax = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * `maas-security`: MAAS's lines of the type `security` (3.8 and newer), and regiond's lines of requests for logins (before). Other
 * lines tell of nothing. MAAS's API server tells of a login without its address, which is in another line of the same trace.
 */
export function maasSecurity(): Format {
  const requests = new Map<string, { readonly ip: string | undefined; readonly agent: string | undefined }>();
  return (written) => {
    const said = saidByMaas(written);
    if (said === undefined) return undefined;
    const line = fieldsIn(said);
    if (line === undefined) return accessEvent(said);
    const trace = textIn(line, "trace_id");
    if (line["type"] !== "security") {
      if (trace !== undefined && textIn(line, "message") === "Start processing request") {
        const [oldest] = requests.size < requestsMax ? [] : requests.keys();
        if (oldest !== undefined) requests.delete(oldest);
        requests.set(trace, { ip: textIn(line, "request_remote_ip"), agent: textIn(line, "useragent") });
      }
      return undefined;
    }
    const message = textIn(line, "message") ?? "";
    const request = requests.get(trace ?? "");
    const acting = findName(line["user_id"]);
    return securityEvent(findMeaning(message, acting), {
      acting,
      occurred: timeIn(line),
      details: {
        message,
        ip: textIn(line, "request_remote_ip") ?? textIn(line, "ip_address") ?? request?.ip,
        user_agent: textIn(line, "useragent") ?? request?.agent,
        logger: textIn(line, "name") ?? textIn(line, "logger"),
        trace_id: trace,
        token_hash: textIn(line, "token_hash"),
      },
    });
  };
}

interface Circumstances {
  readonly acting: string | undefined;
  readonly occurred: string | undefined;
  readonly details: Readonly<Record<string, string | undefined>>;
}

function securityEvent(meaning: Meaning, { acting, occurred, details }: Circumstances): Reported {
  const { target } = meaning;
  const more = fitDetails({ ...details, ...meaning.details });
  return {
    level: "AUDIT",
    type: meaning.type,
    action: actionFrom(`maas.${meaning.action}`),
    description: meaning.description,
    outcome: meaning.outcome,
    ...(occurred !== undefined && { occurred }),
    ...(acting !== undefined && { username: acting }),
    ...(target !== undefined && { target }),
    ...(more !== undefined && { details: more }),
  };
}

/** The JSON that a line consists of; undefined where it is none. */
function fieldsIn(text: string): Fields | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return parseObject(text);
  } catch {
    return undefined;
  }
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Only the API server's lines say when; regiond's leave it to the journal. */
function timeIn(fields: Fields): string | undefined {
  const text = textIn(fields, "timestamp") ?? "";
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : undefined;
}

/** Nothing else may stand in front: clients choose what follows, such as the path and the agent. */
const accessLine =
  /^(?:(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?regiond: )?(?:\[info\] )?(?<ip>[0-9a-fA-F.:]+) POST \/MAAS\/accounts\/login\/\S* HTTP\/\S+ --> (?<status>\d{3}) (?:.*?agent: (?<agent>.*)\))?/;

/** A login in regiond's access lines, which tell the address and not the name. */
function accessEvent(text: string): Reported | undefined {
  const found = accessLine.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { ip, status = "", agent } = found;
  const outcome = status.startsWith("2") ? "success" : "failure";
  const details = { ip, user_agent: agent === "-" ? undefined : agent, status };
  return securityEvent(
    {
      type: "MAAS_LOGIN",
      action: "login",
      outcome,
      description: outcome === "success" ? "Somebody logged in to MAAS." : "MAAS refused a login.",
    },
    { acting: undefined, occurred: undefined, details },
  );
}
