import type { Secrets } from "../secrets/secrets.ts";
import type { ProviderClients } from "./relying-party/provider-clients.ts";

/** What the operations need beside the database; undefined where no server runs. */
export interface OidcServices {
  readonly secrets: Secrets | undefined;
  readonly clients: ProviderClients | undefined;
}
