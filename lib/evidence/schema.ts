import { z } from 'zod';
import { PHASES } from './record.ts';
import { parts, tolerant } from './schema-parts.ts';

/*
 * The published schemas of records and digests. `EvidenceRecord` and `SignedDigest` are the same types for the compiler;
 * test/evidence/schema.test.ts fails if a field is in one only. `npm run docs` writes the schemas to docs/.
 */

const {
  actor,
  because,
  decision,
  templateSource,
  exception,
  hash,
  lastUse,
  moment,
  operation,
  operatorCommand,
  owner,
  recordKey,
  rollback,
  state,
  target,
  text,
} = parts;

/** The strict schema of an evidence record, for writers. */
export const evidenceSchema = z.strictObject({
  schema: z.literal('evenkeel.evidence/v1'),
  execution: text.describe(
    'The execution that wrote the record; CloudTrail shows it as the session name of the repair',
  ),
  n: z.number().int().min(1).describe('The number of the record in its execution, from 1'),
  phase: z.enum(PHASES),
  at: moment,
  control: text,
  commit: text.describe('The Git commit from which the control was deployed'),
  target,
  owner,
  actor: actor.optional(),
  origin: z
    .enum(['drift', 'template', 'unmanaged', 'unknown'])
    .optional()
    .describe(
      "drift: the stack's template is compliant; template: the template violates the control; unmanaged: the resource belongs to no stack",
    ),
  templateSource: templateSource.optional(),
  lastUse: z.array(lastUse).readonly().optional().describe('The last use of each item that the repair removes'),
  mode: z
    .enum(['observe', 'approve', 'auto'])
    .describe("The mode in the config, or a lower mode that the resource's tag requests"),
  exception: exception.optional(),
  source: text.describe('The source of the trigger'),
  event: text.describe('The id of the event that contained the trigger'),
  before: state.optional(),
  first: state.optional().describe('The state before the first plan, if the state changed during the repair'),
  desired: state.optional(),
  after: state.optional(),
  patch: z.array(operation).readonly().optional().describe('From before to desired (RFC 6902)'),
  verdict: z
    .union([z.literal('compliant'), z.strictObject({ violation: text })])
    .optional()
    .describe(
      'The verdict on after, or on before if after is absent; in the plan of a rollback, on the state to restore',
    ),
  rollback: rollback.optional(),
  decision: decision.optional().describe('On a record of phase decision'),
  command: operatorCommand.optional().describe('On a record of phase command, which is the only one of its execution'),
  outcome: z
    .enum([
      'repaired',
      'compliant',
      'gone',
      'observed',
      'exempt',
      'rejected',
      'held',
      'escalated',
      'rolled-back',
      'accepted',
    ])
    .optional()
    .describe('On the record that closes the execution'),
  reason: text.optional().describe('Why, in sentences as Evenkeel worded them when it wrote the record'),
  because: because.optional(),
  previous: hash.nullable().describe('SHA-256 of the previous record of this execution; null on the first'),
});

const digest = z.strictObject({
  schema: z.literal('evenkeel.digest/v1'),
  sequence: z.number().int().min(1).describe('The number of the digest in its vault, from 1 and without gaps'),
  at: moment,
  vault: text.describe('The name of the bucket'),
  until: moment.describe('Every record registered before this time is in this digest or an earlier one, or is missing'),
  records: z
    .array(z.strictObject({ key: recordKey, versionId: text, sha256: hash }))
    .readonly()
    .describe('The records since the previous digest, sorted by key; each record is in one digest only'),
  missing: z
    .array(z.strictObject({ key: recordKey, sha256: hash, registeredAt: moment }))
    .readonly()
    .describe(
      'Records that were registered but not in the vault 15 minutes later; each is listed once, and under records if it arrives later',
    ),
  faults: z
    .array(
      z.strictObject({
        key: recordKey,
        versionId: text,
        fault: z.enum(['differs', 'repeated', 'delete-marker']),
        sha256: hash.nullable(),
      }),
    )
    .readonly()
    .describe("Other versions and delete markers under a record's key"),
  previous: hash.nullable().describe('SHA-256 of the file of the previous digest; null on the first'),
});

/** The strict schema of a digest's file, for writers. */
export const signedDigestSchema = z.strictObject({
  digest,
  key: text.describe('The ARN of the KMS key that signed the digest'),
  algorithm: z.literal('ECDSA_SHA_256'),
  signature: z
    .string()
    .regex(/^[A-Za-z0-9+/]+=*$/)
    .describe('DER in Base64; it covers the canonical JSON (RFC 8785) of the file without the signature'),
});

/** The schema of an evidence record for readers, who accept fields of later versions. */
export const evidenceReader = tolerant(evidenceSchema);

/** The schema of a digest's file for readers, who accept fields of later versions. */
export const signedDigestReader = tolerant(signedDigestSchema);

/** The schemas for auditors, by the names of their files in `docs/`. */
export const schemaFiles = (): ReadonlyMap<string, object> =>
  new Map([
    ['evidence.schema.json', published('Evidence record of Evenkeel', evidenceSchema)],
    ['digest.schema.json', published('Signed evidence digest of Evenkeel', signedDigestSchema)],
  ]);

const published = (title: string, schema: z.ZodType) => ({
  title,
  ...z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly; // it concerns the types in memory only
    },
  }),
});
