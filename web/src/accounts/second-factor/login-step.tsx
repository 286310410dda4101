import { type ApiProblem, request } from "../../api/request.ts";
import type { User } from "../session.ts";
import { GiveFactor } from "./give-factor.tsx";

interface LoginStepProps {
  /** What the server answered to a right password. */
  readonly asked: ApiProblem;
  readonly onDone: (user: User) => void;
  readonly onCancel: () => void;
}

/** The second step of a login. */
export function LoginStep({ asked: { members }, onDone, onCancel }: LoginStepProps) {
  // As POST /session gives them with `factor_needed`.
  const { pending_login, factors, passkey_options } = members as unknown as {
    readonly pending_login: string;
    readonly factors: readonly string[];
    readonly passkey_options: Readonly<Record<string, unknown>> | null;
  };
  return (
    <>
      <p>Your password is right. Now give your second factor.</p>
      <GiveFactor
        factors={factors}
        passkeyOptions={passkey_options}
        verb="Log in"
        send={(given) => request("POST /session/factor", { body: { pending_login, ...given } })}
        onDone={onDone}
        onCancel={onCancel}
      />
    </>
  );
}
