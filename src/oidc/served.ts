import { LoginLimiter } from "../accounts/login-limits/login-limiter.ts";
import { RateLimit } from "../http/authentication/rate-limit.ts";
import type { ServedSlice, SliceContext } from "../slice.ts";
import { identityOperations } from "./identity-operations.ts";
import { providerOperations } from "./provider-operations.ts";
import { ProviderClients } from "./relying-party/provider-clients.ts";
import { openSignInRoutes } from "./relying-party/routes.ts";
import { signInOperations } from "./sign-in-operations.ts";

/** Sign-in through other systems in a server. */
export async function servedOidc({ unrecorded, server }: SliceContext): Promise<ServedSlice> {
  const secrets = server?.secrets;
  const clients = secrets === undefined ? undefined : new ProviderClients(secrets);
  const services = { secrets, clients };
  const native = [...providerOperations(services), ...identityOperations(services), ...signInOperations(services)];
  if (server === undefined || clients === undefined) return { native };
  const parts = {
    clients,
    passwords: server.passwords,
    limiter: new LoginLimiter(unrecorded),
    complaints: new RateLimit({ burst: 10, refillMs: 60_000 }),
  };
  return { native, openRoutes: (app, apiParts) => openSignInRoutes(app, apiParts, parts) };
}
