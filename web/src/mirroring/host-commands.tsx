import { CopiedCode } from "../page/text/copy.tsx";

const makeRole = `sudo -u postgres psql -d maasdb -c "CREATE ROLE ironlog_mirror LOGIN PASSWORD 'choose-one'" \\
  -c "GRANT SELECT ON maasserver_event, maasserver_eventtype TO ironlog_mirror"`;
const letIn = `echo "hostssl maasdb ironlog_mirror 192.0.2.10/32 scram-sha-256" | sudo tee -a /etc/postgresql/*/main/pg_hba.conf
sudo systemctl reload postgresql`;

/** What an administrator of the other MAAS runs first. */
export function HostCommands() {
  return (
    <details className="ui-host-commands" open>
      <summary>First, on the MAAS host, to read its database</summary>
      <p className="p-form-help-text">Make a role that reads the events, and nothing else. Choose its password.</p>
      <CopiedCode text={makeRole} what="the command that makes the role" />
      <p className="p-form-help-text">Let it in. Replace 192.0.2.10 by the address of this Ironlog.</p>
      <CopiedCode text={letIn} what="the command that lets the role in" />
    </details>
  );
}
