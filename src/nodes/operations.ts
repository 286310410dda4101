import type { MaasOperation } from "../http/maas/operation.ts";
import type { NativeOperation } from "../http/native/operation.ts";
import { maasDomainOperations } from "./places/maas-domain-operations.ts";
import { maasMachineOperations } from "./life-cycle/maas-machine-operations.ts";
import { maasNodeOperations } from "./inventory/maas-node-operations.ts";
import { maasPlaceOperations } from "./places/maas-place-operations.ts";
import { maasTagOperations } from "./tags/maas-tag-operations.ts";
import { nativeNodeOperations } from "./inventory/native-node-operations.ts";
import { nativePlaceOperations } from "./places/native-place-operations.ts";
import { nativeTagOperations } from "./tags/native-tag-operations.ts";

/** The slice's operations. */
export const nodeOperations: {
  readonly maas: readonly MaasOperation[];
  readonly native: readonly NativeOperation[];
} = {
  maas: [
    ...maasNodeOperations,
    ...maasMachineOperations,
    ...maasPlaceOperations,
    ...maasDomainOperations,
    ...maasTagOperations,
  ],
  native: [...nativeNodeOperations, ...nativePlaceOperations, ...nativeTagOperations],
};
