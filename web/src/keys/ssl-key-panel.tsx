import { AsidePanel } from "../page/aside-panel.tsx";
import { FieldList, MaybeMono } from "../page/field-list.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Time } from "../page/text/time.tsx";
import { nameOf, type SslKey } from "./ssl-key.ts";

/** One certificate with its text. */
export function SslKeyPanel({ sslKey, onClose }: { readonly sslKey: SslKey; readonly onClose: () => void }) {
  return (
    <AsidePanel title={`SSL key '${nameOf(sslKey)}'`} onClose={onClose}>
      <FieldList
        fields={[
          ["Fingerprint", <MaybeMono key="fingerprint" text={sslKey.fingerprint} />],
          ["Valid until", <Time key="expires" value={sslKey.expires} />],
          ["Added", <Time key="created" value={sslKey.created} />],
        ]}
      />
      <CopiedCode text={sslKey.key} what="the certificate" />
    </AsidePanel>
  );
}
