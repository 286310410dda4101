import type { MaasOperation } from "../http/maas/operation.ts";
import type { NativeOperation } from "../http/native/operation.ts";
import { maasCommissioningOperations } from "./maas-commissioning-operations.ts";
import { maasScriptOperations } from "./maas-operations.ts";
import { nativeScriptOperations } from "./native-operations.ts";
import { nativeRevisionOperations } from "./native-revision-operations.ts";

/** The slice's operations. */
export const scriptOperations: {
  readonly maas: readonly MaasOperation[];
  readonly native: readonly NativeOperation[];
} = {
  maas: [...maasScriptOperations, ...maasCommissioningOperations],
  native: [...nativeScriptOperations, ...nativeRevisionOperations],
};
