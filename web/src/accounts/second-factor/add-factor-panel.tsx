import { useState } from "react";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { type Answer, request } from "../../api/request.ts";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { FormPanel } from "../../page/forms/form-panel.tsx";
import { useForm } from "../../page/forms/use-form.ts";
import { CopiedCode } from "../../page/text/copy.tsx";
import { announce } from "../../shell/live-region.tsx";
import { createPasskey, refreshFactors } from "./factors.ts";
import { QrCode } from "./qr-code.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

interface AddFactorPanelProps {
  readonly kind: "totp" | "passkey";
  /** Whether it is one's first: then the password shows who adds it. */
  readonly isFirst: boolean;
  readonly onClose: () => void;
}

type Added = Answer<"POST /account/second-factor">;

/** Sets up an app or a passkey, and shows the recovery codes that come with the first one. */
export function AddFactorPanel({ kind, isFirst, onClose }: AddFactorPanelProps) {
  const [codes, setCodes] = useState<readonly string[]>();
  const [begun, setBegun] = useState<Answer<"POST /account/second-factor/totp">>();
  const done = ({ recovery_codes }: Added): void => {
    announce(kind === "totp" ? "Added the app." : "Added the passkey.");
    void refreshFactors();
    if (recovery_codes === null) onClose();
    else setCodes(recovery_codes);
  };
  if (codes !== undefined) {
    return (
      <AsidePanel title="Recovery codes" onClose={onClose}>
        <RecoveryCodes codes={codes} onClose={onClose} />
      </AsidePanel>
    );
  }
  if (kind === "passkey") return <PasskeyForm isFirst={isFirst} onDone={done} onClose={onClose} />;
  return begun === undefined ? (
    <BeginForm isFirst={isFirst} onDone={setBegun} onClose={onClose} />
  ) : (
    <CodeForm begun={begun} onDone={done} onClose={onClose} />
  );
}

interface StepProps<Result> {
  readonly isFirst: boolean;
  readonly onDone: (result: Result) => void;
  readonly onClose: () => void;
}

const password = (isFirst: boolean, given: string) => (isFirst ? { password: given } : {});

function BeginForm({ isFirst, onDone, onClose }: StepProps<Answer<"POST /account/second-factor/totp">>) {
  const form = useForm({
    initial: { password: "" },
    submit: (values) => request("POST /account/second-factor/totp", { body: password(isFirst, values.password) }),
    onDone,
  });
  return (
    <FormPanel
      title="Add app"
      verb="Continue"
      form={form}
      isReady={!isFirst || form.values.password !== ""}
      onClose={onClose}
      before={<p>You need an app that shows codes (TOTP), such as the one of your password manager.</p>}
    >
      {isFirst && <PasswordField form={form} />}
    </FormPanel>
  );
}

interface CodeFormProps {
  readonly begun: Answer<"POST /account/second-factor/totp">;
  readonly onDone: (added: Added) => void;
  readonly onClose: () => void;
}

function CodeForm({ begun: { uri, secret, enrolment }, onDone, onClose }: CodeFormProps) {
  const form = useForm({
    initial: { name: "Authenticator app", code: "" },
    submit: (body) => request("POST /account/second-factor", { body: { enrolment, ...body } }),
    onDone,
  });
  return (
    <FormPanel
      title="Add app"
      verb="Add app"
      form={form}
      isReady={form.values.code !== ""}
      onClose={onClose}
      before={
        <>
          <p>Scan this with the app, or enter the secret by hand.</p>
          <QrCode text={uri} label="QR code for the app" />
          <CopiedCode text={secret} what="Secret" />
        </>
      }
    >
      <NameField form={form} />
      <Input
        type="text"
        label="Code"
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        {...form.told("code", "What the app shows now: 6 digits.")}
        value={form.values.code}
        onChange={(event) => form.set({ code: event.target.value })}
      />
    </FormPanel>
  );
}

function PasskeyForm({ isFirst, onDone, onClose }: StepProps<Added>) {
  const form = useForm({
    initial: { name: "Passkey", password: "" },
    submit: async ({ name, password: given }) => {
      const body = password(isFirst, given);
      const { options, enrolment } = await request("POST /account/second-factor/passkey", { body });
      const passkey = await createPasskey(options);
      return request("POST /account/second-factor", { body: { enrolment, name, passkey } });
    },
    onDone,
  });
  return (
    <FormPanel
      title="Add passkey"
      verb="Add passkey"
      form={form}
      isReady={!isFirst || form.values.password !== ""}
      onClose={onClose}
      before={
        <p>A security key, or what this device or your password manager keeps. It works at this address alone.</p>
      }
    >
      <NameField form={form} />
      {isFirst && <PasswordField form={form} />}
    </FormPanel>
  );
}

interface FieldForm<Values> {
  readonly values: Values;
  set(changes: Partial<Values>): void;
  told(
    name: keyof Values & string,
    help?: string,
  ): ReturnType<ReturnType<typeof useForm<Values & object, unknown>>["told"]>;
}

function PasswordField({ form }: { readonly form: FieldForm<{ readonly password: string }> }) {
  return (
    <PasswordToggle
      id="factor-password"
      label="Your password"
      required
      autoComplete="current-password"
      {...form.told("password", "To be sure that it is you.")}
      value={form.values.password}
      onChange={(event) => form.set({ password: event.target.value })}
    />
  );
}

function NameField({ form }: { readonly form: FieldForm<{ readonly name: string }> }) {
  return (
    <Input
      type="text"
      label="Name"
      autoComplete="off"
      {...form.told("name", "For you: which one it is.")}
      value={form.values.name}
      onChange={(event) => form.set({ name: event.target.value })}
    />
  );
}
