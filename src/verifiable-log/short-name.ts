/** What sources, destinations and rules may be named: the names stand in events and addresses. */
export const shortNamePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
