import { useEffect, useRef, useState } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import Input from "@canonical/react-components/dist/esm/components/Input";
import PasswordToggle from "@canonical/react-components/dist/esm/components/PasswordToggle";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { base } from "../api/base.ts";
import { ApiProblem, request } from "../api/request.ts";
import { failureSentence } from "../oidc/failures.ts";
import { ProviderButtons } from "../oidc/provider-buttons.tsx";
import { signInQuery } from "../oidc/sign-in-query.ts";
import { messageOf, Notice } from "../page/states.tsx";
import { visited } from "../page/visited.ts";
import { LiveRegion, announce } from "../shell/live-region.tsx";
import { LogoMark } from "../shell/logo-mark.tsx";
import { MaasKeyForm } from "../mirroring/maas-key-form.tsx";
import { LoginStep } from "./second-factor/login-step.tsx";
import { beginSession, type LoginReason, safeRedirect, type User } from "./session.ts";

const reasons: Readonly<Record<LoginReason, string>> = {
  ended: "Your session has ended. Log in again.",
  password: "Your password was changed. Log in again.",
  "logged-out": "You have logged out.",
};

/** The page before all others. */
export function LoginPage() {
  const { redirectTo, reason, failed } = useSearch({ from: "/login" });
  const { data: signIns, isPending: isAsking } = useQuery(signInQuery);
  const [isBreakGlass, setBreakGlass] = useState(false);
  const [byMaasKey, setByMaasKey] = useState(false);
  const hasPasswords = !isAsking && signIns?.has_passwords !== false;
  const router = useRouter();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);
  const enter = (user: User): void => {
    beginSession(user);
    // Going back leads to where somebody was before, and not to the login again.
    router.history.replace(`${base}${safeRedirect(redirectTo)}`);
  };
  const { mutate, reset, isPending, error } = useMutation({
    mutationFn: () => request("POST /session", { body: { username, password } }),
    meta: { isLogin: true },
    onSuccess: enter,
    onError() {
      setPassword("");
      passwordField.current?.focus();
    },
  });
  const waitSeconds = useCountdown(error);
  useEffect(() => {
    document.title = "Login | Ironlog";
    visited.add("/login");
  }, []);
  const asked = error instanceof ApiProblem && error.code === "factor_needed" ? error : undefined;
  const told = reason !== undefined && reason in reasons ? reasons[reason as LoginReason] : undefined;
  const failure = failureSentence(failed);
  return (
    <>
      <main className={isAsking ? "ui-login ui-unseen" : "ui-login"} id="main-content" aria-busy={isAsking}>
        <p className="ui-login__name">
          <LogoMark />
          Ironlog
        </p>
        <div className="p-card">
          <h1 className="p-heading--3">Login</h1>
          {told !== undefined && error === null && <Notice severity="information" title={told} />}
          {failure !== undefined && error === null && <Notice severity="negative" title={failure} />}
          {error !== null && asked === undefined && waitSeconds === undefined && (
            <Notice severity="negative" title={loginMessage(error, !hasPasswords)} />
          )}
          {waitSeconds !== undefined && waitSeconds > 0 && (
            // Said once at the start and once at the end; the numbers between are for the eyes.
            <Notice
              severity="caution"
              title={`Too many attempts. Try again in ${waitSeconds} ${waitSeconds === 1 ? "second" : "seconds"}.`}
            />
          )}
          {byMaasKey && (
            <MaasKeyForm
              label="Log in"
              send={(body) => request("POST /session/source", { body })}
              isLogin
              onDone={enter}
              onCancel={() => setByMaasKey(false)}
            />
          )}
          {signIns !== undefined && asked === undefined && !byMaasKey && (
            <ProviderButtons
              signIns={signIns}
              redirectTo={safeRedirect(redirectTo)}
              onBreakGlass={hasPasswords || isBreakGlass ? undefined : () => setBreakGlass(true)}
            />
          )}
          {asked !== undefined && <LoginStep asked={asked} onDone={enter} onCancel={reset} />}
          {asked === undefined && !byMaasKey && (hasPasswords || isBreakGlass) && (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (!isPending) mutate();
              }}
            >
              <Input
                type="text"
                label="Username"
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                required
                takeFocus
                value={username}
                onChange={(event) => setUsername(event.target.value)}
              />
              <PasswordToggle
                id="password"
                ref={passwordField}
                label="Password"
                name="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
              <ActionButton
                type="submit"
                appearance="positive"
                loading={isPending}
                disabled={username === "" || password === "" || (waitSeconds ?? 0) > 0}
              >
                Log in
              </ActionButton>
            </form>
          )}
          {asked === undefined && !byMaasKey && signIns?.is_first_login === true && (
            <p className="u-text--muted">
              The first time? Name and password were shown where the server was started, or stand in the file{" "}
              <code>first-login</code> of its data folder.
            </p>
          )}
          {asked === undefined && !byMaasKey && signIns?.has_maas_keys === true && (
            <p className="u-no-margin--bottom">
              <button type="button" className="p-button--link u-no-margin--bottom" onClick={() => setByMaasKey(true)}>
                Log in with a MAAS API key
              </button>
            </p>
          )}
        </div>
      </main>
      <LiveRegion />
    </>
  );
}

function loginMessage(error: unknown, isClosed: boolean): string {
  return error instanceof ApiProblem && error.status === 401
    ? isClosed
      ? error.message
      : "The username or password is wrong. Both are case-sensitive."
    : messageOf(error);
}

/** The seconds that are left of the wait that an error asks for; undefined where it asks for none. */
function useCountdown(error: unknown): number | undefined {
  const asked = error instanceof ApiProblem && error.status === 429 ? (error.retryAfterSeconds ?? 60) : undefined;
  const [left, setLeft] = useState<{ readonly of: unknown; readonly seconds: number }>();
  useEffect(() => {
    if (asked === undefined) return undefined;
    const end = Date.now() + asked * 1_000;
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
      setLeft({ of: error, seconds });
      if (seconds > 0) return;
      clearInterval(timer);
      announce("You can try again now.");
    }, 500);
    return () => clearInterval(timer);
  }, [asked, error]);
  return left?.of === error ? left?.seconds : asked;
}
