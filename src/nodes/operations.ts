import type { MaasOperation } from "../http/maas/operation.ts";
import type { NativeOperation } from "../http/native/operation.ts";
import { maasDomainOperations } from "./maas-domain-operations.ts";
import { maasMachineOperations } from "./maas-machine-operations.ts";
import { maasNodeOperations } from "./maas-node-operations.ts";
import { maasPlaceOperations } from "./maas-place-operations.ts";
import { maasTagOperations } from "./maas-tag-operations.ts";
import { nativeNodeOperations } from "./native-node-operations.ts";
import { nativePlaceOperations } from "./native-place-operations.ts";
import { nativeTagOperations } from "./native-tag-operations.ts";

/** The slice's doors. */
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
