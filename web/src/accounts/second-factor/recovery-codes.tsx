import Button from "@canonical/react-components/dist/esm/components/Button";
import { Notice } from "../../page/states.tsx";
import { CopyButton } from "../../page/text/copy.tsx";

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** New recovery codes, which are seen this once. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  return (
    <>
      <Notice severity="information" title="Keep these recovery codes in a safe place." takesFocus>
        They are not shown again. Each is good once, where you don&apos;t have your second factor.
      </Notice>
      <ul className="p-list ui-mono" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code} className="p-list__item">
            {code}
          </li>
        ))}
      </ul>
      <div className="ui-form__buttons">
        <CopyButton text={`${codes.join("\n")}\n`} what="the recovery codes" label="Copy all" />
        <Button appearance="positive" onClick={onClose}>
          I have kept them
        </Button>
      </div>
    </>
  );
}
