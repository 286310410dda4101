import { useId } from "react";
import ActionButton from "@canonical/react-components/dist/esm/components/ActionButton";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Answer, request } from "../api/request.ts";
import { MaasIdentitiesSection } from "../mirroring/maas-identities-section.tsx";
import { IdentitiesSection } from "../oidc/identities-section.tsx";
import { FieldList, MaybeTime } from "../page/field-list.tsx";
import { Page } from "../page/page.tsx";
import { Failure, Loaded } from "../page/states.tsx";
import { useForm } from "../page/forms/use-form.ts";
import { announce } from "../shell/live-region.tsx";
import { roleName } from "./role.tsx";
import { PasswordForm } from "./password-form.tsx";
import { PreferencesSections } from "./preferences-sections.tsx";
import { sessionQuery } from "./session.ts";
import { ProfileFields } from "./profile-fields.tsx";

type Account = Answer<"GET /account">;

/** One's own profile and password. */
export function DetailsPage() {
  const account = useQuery({
    queryKey: ["account"],
    queryFn: ({ signal }) => request("GET /account", { signal }),
  });
  return (
    <Page title="Details" sections={<PreferencesSections />}>
      <Loaded query={account}>
        {(data) => (
          <>
            <div className="ui-form u-sv2">
              <FieldList
                fields={[
                  ["Username", data.username],
                  ["Type", roleName(data)],
                  ["Last login", <MaybeTime key="login" value={data.last_login} none="never" />],
                ]}
              />
            </div>
            <ProfileForm account={data} />
            <IdentitiesSection />
            <MaasIdentitiesSection />
            <PasswordForm username={data.username} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ProfileForm({ account }: { readonly account: Account }) {
  const queryClient = useQueryClient();
  const id = useId();
  const form = useForm({
    initial: { last_name: account.last_name, email: account.email },
    submit: (body) => request("PATCH /account", { body }),
    onDone: () => {
      announce("Saved your profile.");
      void queryClient.invalidateQueries({ queryKey: ["account"] });
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  return (
    <form className="ui-form" noValidate onSubmit={form.onSubmit} aria-labelledby={id}>
      <h2 className="p-heading--5" id={id}>
        Profile
      </h2>
      {form.formError !== undefined && <Failure error={form.formError} />}
      <ProfileFields form={form} isOwn />
      <ActionButton type="submit" appearance="positive" loading={form.isPending} disabled={!form.isChanged}>
        Save profile
      </ActionButton>
    </form>
  );
}
