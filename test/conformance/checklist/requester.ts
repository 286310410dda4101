import type { Signing } from "../../support/clients/maas-client.ts";
import { canonicalCli } from "./clients/canonical-cli.ts";
import type { MaasCall, Client, NamedParameters } from "./clients/client.ts";
import type { WireAnswer, WireRequest } from "./statements/wire.ts";

type Send = (request: WireRequest) => Promise<WireAnswer>;

/** Somebody who asks MAAS's API with a key, or without one, through one of its clients. Paths are below its root. */
export class Requester {
  readonly apiKey: string | undefined;
  readonly client: Client;
  private readonly send: Send;

  constructor(send: Send, apiKey: string | undefined, client: Client = canonicalCli) {
    this.send = send;
    this.apiKey = apiKey;
    this.client = client;
  }

  /** The same through another client. */
  by(client: Client): Requester {
    return new Requester(this.send, this.apiKey, client);
  }

  ask(call: MaasCall, signing?: Signing): Promise<WireAnswer> {
    return this.send(this.client.request(call, this.apiKey, signing));
  }

  read(path: string, parameters: NamedParameters = {}): Promise<WireAnswer> {
    return this.ask({ method: "GET", path, parameters });
  }

  /** A read that has a name. */
  query(path: string, op: string, parameters: NamedParameters = {}): Promise<WireAnswer> {
    return this.ask({ method: "GET", path, op, parameters });
  }

  create(
    path: string,
    parameters: NamedParameters = {},
    files: Readonly<Record<string, Buffer>> = {},
  ): Promise<WireAnswer> {
    return this.ask({ method: "POST", path, parameters, files });
  }

  /** An operation that changes something. */
  perform(path: string, op: string, parameters: NamedParameters = {}): Promise<WireAnswer> {
    return this.ask({ method: "POST", path, op, parameters });
  }

  update(
    path: string,
    parameters: NamedParameters = {},
    files: Readonly<Record<string, Buffer>> = {},
  ): Promise<WireAnswer> {
    return this.ask({ method: "PUT", path, parameters, files });
  }

  remove(path: string, parameters: NamedParameters = {}): Promise<WireAnswer> {
    return this.ask({ method: "DELETE", path, parameters });
  }
}
