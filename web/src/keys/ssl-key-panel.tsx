import { AsidePanel } from "../page/aside-panel.tsx";
import { CopiedCode } from "../page/text/copy.tsx";
import { Time } from "../page/text/time.tsx";
import { nameOf, type SslKey } from "./ssl-key.ts";

/** One certificate with its text. */
export function SslKeyPanel({ sslKey, onClose }: { readonly sslKey: SslKey; readonly onClose: () => void }) {
  return (
    <AsidePanel title="SSL key" onClose={onClose}>
      <dl className="ui-fields u-sv2">
        <dt>Subject</dt>
        <dd>{nameOf(sslKey)}</dd>
        <dt>Fingerprint</dt>
        <dd className="ui-mono">{sslKey.fingerprint}</dd>
        <dt>Valid until</dt>
        <dd>
          <Time value={sslKey.expires} />
        </dd>
        <dt>Added</dt>
        <dd>
          <Time value={sslKey.created} />
        </dd>
      </dl>
      <CopiedCode text={sslKey.key} what="the certificate" />
    </AsidePanel>
  );
}
