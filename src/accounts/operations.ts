import type { MaasOperation } from "../http/maas/operation.ts";
import type { NativeOperation } from "../http/native/operation.ts";
import { maasAccountOperations } from "./maas-operations.ts";
import { maasViews } from "./sessions/maas-views.ts";
import { nativeSessionOperations } from "./sessions/native-session-operations.ts";
import { nativeUserOperations } from "./users/native-user-operations.ts";
import { nativeBeginOperations } from "./second-factor/native-begin-operations.ts";
import { nativeFactorOperations } from "./second-factor/native-factor-operations.ts";
import { nativeSessionFactorOperations } from "./second-factor/native-session-factor-operations.ts";
import type { AccountServices } from "./services.ts";

/** Every operation of accounts and sessions. */
export function accountOperations(services: AccountServices): {
  readonly maas: readonly MaasOperation[];
  readonly native: readonly NativeOperation[];
} {
  return {
    maas: [...maasAccountOperations(services), ...maasViews(services)],
    native: [
      ...nativeSessionOperations(services),
      ...nativeSessionFactorOperations(services),
      ...nativeBeginOperations(services),
      ...nativeFactorOperations(services),
      ...nativeUserOperations(services),
    ],
  };
}
