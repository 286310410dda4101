import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMayChange } from "../../accounts/may-change.ts";
import { request } from "../../api/request.ts";
import { AsidePanel } from "../../page/aside-panel.tsx";
import { ConfirmedAct } from "../../page/forms/confirmed-act.tsx";
import { Failure, Loaded } from "../../page/states.tsx";
import { visible } from "../../page/text/visible.ts";
import { announce } from "../../shell/live-region.tsx";
import { EditViewPanel } from "./edit-view-panel.tsx";
import { refreshViews, searchOf, searchOfAll, type Shape, type View, viewsQuery } from "./view.ts";

interface ViewsPanelProps {
  /** What the page shows now. */
  readonly shape: Shape;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** The views: opens one, makes it what the page opens with, changes and deletes it. */
export function ViewsPanel({ shape, onSave, onClose }: ViewsPanelProps) {
  const views = useQuery(viewsQuery);
  const [edited, setEdited] = useState<View>();
  const [deleted, setDeleted] = useState<View>();
  const { mutate, error } = useMutation({
    mutationFn: (view: View | null) => request("PUT /account/default-view", { body: { id: view?.id ?? null } }),
    onSuccess: async (_done, view) => {
      await refreshViews();
      announce(`Your events page opens with ${view === null ? "all events" : `'${view.name}'`}.`);
    },
  });
  if (edited !== undefined) {
    return <EditViewPanel view={edited} shape={shape} onClose={() => setEdited(undefined)} />;
  }
  return (
    <AsidePanel title="Views" onClose={onClose}>
      {error !== null && <Failure error={error} />}
      <Loaded query={views}>
        {({ items }) => (
          <>
            <p>Your events page opens with {openingWords(items)}.</p>
            <ul className="p-list ui-views">
              <li className="ui-view">
                <Link to="/" search={searchOfAll()} onClick={onClose}>
                  All events
                </Link>
                {items.some((view) => view.is_default) && (
                  <button type="button" className="p-button is-dense" onClick={() => mutate(null)}>
                    Open with all events
                  </button>
                )}
              </li>
            </ul>
            {(["yours", "others"] as const).map((whose) => {
              const shown = items.filter((view) => view.is_own === (whose === "yours"));
              if (whose === "others" && shown.length === 0) return null;
              return (
                <section key={whose}>
                  <h3 className="p-muted-heading">{whose === "yours" ? "Yours" : "Shared by others"}</h3>
                  {shown.length === 0 && <p className="u-text--muted">You have saved none.</p>}
                  <ul className="p-list ui-views">
                    {shown.map((view) => (
                      <ViewItem
                        key={view.id}
                        view={view}
                        onOpen={onClose}
                        onDefault={() => mutate(view)}
                        onEdit={() => setEdited(view)}
                        onDelete={() => setDeleted(view)}
                      />
                    ))}
                  </ul>
                </section>
              );
            })}
            <button type="button" className="p-button" onClick={onSave}>
              Save what the page shows
            </button>
          </>
        )}
      </Loaded>
      {deleted !== undefined && (
        <ConfirmedAct
          title={`Delete view '${visible(deleted.name)}'?`}
          verb="Delete view"
          act={() => request("DELETE /views/{id}", { path: { id: deleted.id } })}
          done={`Deleted view '${deleted.name}'.`}
          onDone={refreshViews}
          onClose={() => setDeleted(undefined)}
        >
          The events stay as they are.
          {deleted.is_shared && " Whose events page opens with it sees all events again."}
        </ConfirmedAct>
      )}
    </AsidePanel>
  );
}

function openingWords(views: readonly View[]): string {
  const opening = views.find((view) => view.is_default);
  return opening === undefined ? "all events" : `'${visible(opening.name)}'`;
}

interface ViewItemProps {
  readonly view: View;
  readonly onOpen: () => void;
  readonly onDefault: () => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

function ViewItem({ view, onOpen, onDefault, onEdit, onDelete }: ViewItemProps) {
  const isAdministrator = useMayChange();
  const name = visible(view.name);
  return (
    <li className="ui-view">
      <div>
        <Link to="/" search={searchOf(view)} onClick={onOpen}>
          {name}
        </Link>
        {!view.is_own && <span className="u-text--muted"> by {visible(view.owner)}</span>}
        {view.is_own && view.is_shared && <span className="u-text--muted"> shared</span>}
        <div className="ui-mono u-text--muted">{view.filter === "" ? "all events" : visible(view.filter)}</div>
      </div>
      <div className="ui-view__acts">
        {!view.is_default && (
          <button type="button" className="p-button is-dense" onClick={onDefault}>
            Open with this view<span className="u-off-screen"> {name}</span>
          </button>
        )}
        {(view.is_own || isAdministrator) && (
          <>
            <button type="button" className="p-button--base has-icon is-dense" onClick={onEdit}>
              <i className="p-icon--edit">Edit {name}</i>
            </button>
            <button type="button" className="p-button--base has-icon is-dense" onClick={onDelete}>
              <i className="p-icon--delete">Delete {name}</i>
            </button>
          </>
        )}
      </div>
    </li>
  );
}
