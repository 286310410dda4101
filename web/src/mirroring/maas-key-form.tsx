import { useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useMutation } from "@tanstack/react-query";
import { Notice, messageOf } from "../page/states.tsx";

interface MaasKeyFormProps<Done> {
  /** What the key is given for. */
  readonly label: string;
  readonly send: (body: { readonly api_key: string; readonly source?: string }) => Promise<Done>;
  /** True of a login, which a missing session doesn't end. */
  readonly isLogin?: boolean;
  readonly onDone: (done: Done) => void;
  readonly onCancel: () => void;
}

/** Who has opened the form types the key next. */
const focusOnce = (field: HTMLInputElement | null): void => field?.focus();

/** Takes the API key that somebody has at a mirrored MAAS. */
export function MaasKeyForm<Done>({ label, send, isLogin = false, onDone, onCancel }: MaasKeyFormProps<Done>) {
  const [key, setKey] = useState("");
  const [source, setSource] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => send({ api_key: key.trim(), ...(source.trim() !== "" && { source: source.trim() }) }),
    ...(isLogin && { meta: { isLogin: true } }),
    // The answer to a key is no page's to keep.
    gcTime: 0,
    onSuccess: onDone,
    onError: () => setKey(""),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) mutate();
      }}
    >
      {error !== null && <Notice severity="negative" title={messageOf(error)} />}
      <PasswordToggle
        id="maas-key"
        label="MAAS API key"
        name="maas-key"
        autoComplete="off"
        help="As your MAAS shows it. It is checked there once, and not kept."
        required
        ref={focusOnce}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <Input
        type="text"
        label="MAAS"
        name="source"
        autoCapitalize="none"
        spellCheck={false}
        help="The name under which it is mirrored here. Leave empty for the usual one."
        value={source}
        onChange={(event) => setSource(event.target.value)}
      />
      <ActionButton type="submit" appearance="positive" loading={isPending} disabled={key.trim() === ""}>
        {label}
      </ActionButton>
      <button type="button" className="p-button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
