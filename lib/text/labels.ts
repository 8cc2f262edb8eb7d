import type { Owner } from '../model/owner.ts';

/** The labels of the facts and sections that several notifications show. */
export const labels = {
  control: 'Control',
  resource: 'Resource',
  account: 'Account',
  owner: 'Owner',
  violation: 'Violation',
  restores: 'Restores',
  reason: 'Reason',
  changedBy: 'Changed by',
  since: 'Since',
  by: 'By',
  at: 'At',
  rollbackOf: 'Rollback of',
  approvalReason: 'Why approval',
  lastUsed: 'Last used',
  template: 'Template',
  templateChange: 'Change in the template',
  plannedRepair: 'Planned repair',
  plannedRollback: 'Planned rollback',
  choices: 'You can',
  exception: 'Exception',
  live: 'Live resource',
  inTemplate: 'In template',
  approvedBy: 'Approved by',
  execution: 'Execution',
  configRule: 'Config rule',
  evidence: 'Evidence',
};

/** The text for an unknown value. */
export const UNKNOWN = 'unknown';

/** The last line of a list that is cut. */
export const moreLines = (count: number): string => `... and ${count} more`;

const OWNER_SOURCES: { readonly [From in Owner['from']]: string } = {
  'config account': 'from the account in the config',
  'stack tag': 'from a tag of the stack',
  'resource tag': 'from a tag of the resource',
  'config default': 'the default in the config',
  'not governed any more': 'the account is no longer governed',
};

/** An owner, and the place where Evenkeel found that name. */
export const ownerText = (owner: string, source: Owner['from'] | undefined): string =>
  source ? `${owner} (${OWNER_SOURCES[source] ?? source})` : owner; // a hub of another version may name others

/** A call that a service made on behalf of an identity. */
export const onBehalfOf = (service: string, identity: string): string => `${service} on behalf of ${identity}`;
