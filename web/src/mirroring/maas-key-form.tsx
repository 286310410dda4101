import { useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useMutation } from "@tanstack/react-query";
import { request } from "../api/request.ts";
import { Notice, messageOf } from "../page/states.tsx";
import type { User } from "../accounts/session.ts";

interface MaasKeyFormProps {
  readonly onDone: (user: User) => void;
  readonly onCancel: () => void;
}

/** Who has opened the form types the key next. */
const focusOnce = (field: HTMLInputElement | null): void => field?.focus();

/** Logs in with the API key that somebody has at a mirrored MAAS. */
export function MaasKeyForm({ onDone, onCancel }: MaasKeyFormProps) {
  const [key, setKey] = useState("");
  const [source, setSource] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      request("POST /session/source", {
        body: { api_key: key.trim(), ...(source.trim() !== "" && { source: source.trim() }) },
      }),
    meta: { isLogin: true },
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
        help="The name under which it is mirrored here. Empty for the usual one."
        value={source}
        onChange={(event) => setSource(event.target.value)}
      />
      <ActionButton type="submit" appearance="positive" loading={isPending} disabled={key.trim() === ""}>
        Log in
      </ActionButton>
      <button type="button" className="p-button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}
