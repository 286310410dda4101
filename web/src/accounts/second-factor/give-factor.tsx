import { useId, useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Button from "@canonical/react-components/dist/esm/components/Button";
import Input from "@canonical/react-components/dist/esm/components/Input";
import { useMutation } from "@tanstack/react-query";
import { ApiProblem } from "../../api/request.ts";
import { useErrorFocus } from "../../page/forms/error-focus.ts";
import { messageOf, Notice } from "../../page/states.tsx";
import { told } from "../../page/text/told.tsx";
import { signByPasskey } from "./factors.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is sent of a second factor. */
export type Given = { readonly code: string } | { readonly passkey: Json };

interface GiveFactorProps<Result> {
  readonly factors: readonly string[];
  readonly passkeyOptions: Json | null;
  readonly verb: string;
  readonly send: (given: Given) => Promise<Result>;
  readonly onDone: (result: Result) => void;
  readonly onCancel: () => void;
}

/** Asks for a code or a passkey, whichever its user has. */
export function GiveFactor<Result>({ factors, passkeyOptions, verb, send, onDone, onCancel }: GiveFactorProps<Result>) {
  const id = useId();
  const [code, setCode] = useState("");
  const {
    mutate,
    isPending,
    error,
    variables: given,
  } = useMutation({
    mutationFn: async (given: "code" | Json) =>
      given === "code" ? send({ code }) : send({ passkey: await signByPasskey(given) }),
    meta: { isLogin: true },
    gcTime: 0,
    onSuccess: onDone,
    onError: () => setCode(""),
  });
  const hasApp = factors.includes("totp");
  const sentence = error instanceof ApiProblem ? error.fields["code"]?.join(" ") : undefined;
  // A passkey has no field.
  const refused = given === "code" ? sentence : undefined;
  const noteSent = useErrorFocus(error ?? undefined);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        noteSent(event.currentTarget);
        if (!isPending && code !== "") mutate("code");
      }}
    >
      {error !== null && refused === undefined && (
        <Notice severity="negative" title={sentence ?? messageOf(error)} takesFocus />
      )}
      {passkeyOptions !== null && (
        <p>
          <Button type="button" appearance="positive" disabled={isPending} onClick={() => mutate(passkeyOptions)}>
            Use a passkey
          </Button>
        </p>
      )}
      <Input
        type="text"
        label={hasApp ? "Code" : "Recovery code"}
        required
        {...told(
          id,
          hasApp ? "From your app, or a recovery code." : "One of those that you got with your passkey.",
          refused,
        )}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        takeFocus={passkeyOptions === null}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <div className="ui-form__buttons">
        <ActionButton
          type="submit"
          {...(passkeyOptions === null && { appearance: "positive" })}
          loading={isPending}
          disabled={code === ""}
        >
          {verb}
        </ActionButton>
        <Button type="button" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
