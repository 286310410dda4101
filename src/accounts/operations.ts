import type { MaasOperation } from "../http/maas/operation.ts";
import type { NativeOperation } from "../http/native/operation.ts";
import { maasAccountOperations } from "./maas-operations.ts";
import { maasViews } from "./sessions/maas-views.ts";
import { nativeSessionOperations } from "./sessions/native-session-operations.ts";
import { nativeUserOperations } from "./users/native-user-operations.ts";
import type { AccountServices } from "./services.ts";

/** Every operation of accounts and sessions. */
export function accountOperations(services: AccountServices): {
  readonly maas: readonly MaasOperation[];
  readonly native: readonly NativeOperation[];
} {
  return {
    maas: [...maasAccountOperations(services), ...maasViews(services)],
    native: [...nativeSessionOperations(services), ...nativeUserOperations(services)],
  };
}
