import { z } from 'zod';
import { PHASES } from './record.ts';
import { parts } from './schema-parts.ts';

/*
 * The published form of what lies in the vault. `EvidenceRecord` and `SignedDigest` say the same to the compiler, and
 * test/lib/schemas.test.ts holds the two together: a field added there is added here, and `npm run docs` writes it down.
 */

const {
  actor,
  decision,
  templateSource,
  exception,
  hash,
  lastUse,
  moment,
  operation,
  order,
  owner,
  recordKey,
  rollback,
  state,
  target,
  text,
} = parts;

/** One evidence record. */
export const evidenceSchema = z.strictObject({
  schema: z.literal('evenkeel.evidence/v1'),
  execution: text.describe('The execution that wrote it; CloudTrail names it in every session of the repair'),
  n: z.number().int().min(1).describe('Counts the records of an execution from 1'),
  phase: z.enum(PHASES),
  at: moment,
  control: text,
  commit: text.describe('The Git commit that the control was deployed from'),
  target,
  owner,
  actor: actor.optional(),
  origin: z
    .enum(['drift', 'template', 'unmanaged', 'unknown'])
    .optional()
    .describe(
      "drift: the stack's template is right and live is not; template: the template is wrong; unmanaged: no stack holds it",
    ),
  templateSource: templateSource.optional(),
  lastUse: z.array(lastUse).readonly().optional().describe('When what the repair takes away was last used'),
  mode: z
    .enum(['observe', 'approve', 'auto'])
    .describe("The config's, or a lower one that the resource's tag asks for"),
  exception: exception.optional(),
  source: text.describe('Where the hint came from'),
  event: text.describe('The id of the event that carried it'),
  before: state.optional(),
  first: state.optional().describe('What was before the first plan, where the state changed under the repair'),
  desired: state.optional(),
  after: state.optional(),
  patch: z.array(operation).readonly().optional().describe('From before to desired (RFC 6902)'),
  verdict: z
    .union([z.literal('compliant'), z.strictObject({ violation: text })])
    .optional()
    .describe('Of before, or of after where that is there; in the plan of a rollback, of what it brings back'),
  rollback: rollback.optional(),
  decision: decision.optional().describe('On a record of phase decision'),
  command: order.optional().describe('On a record of phase order, which stands alone'),
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
  reason: text.optional(),
  previous: hash.nullable().describe('SHA-256 of the record before it in this execution; null on the first'),
});

const digest = z.strictObject({
  schema: z.literal('evenkeel.digest/v1'),
  sequence: z.number().int().min(1).describe('Counts the digests of a vault from 1, without gaps'),
  at: moment,
  vault: text.describe("The bucket's name"),
  until: moment.describe(
    'Whatever was registered before this moment is in this digest or an earlier one, or is missing',
  ),
  records: z
    .array(z.strictObject({ key: recordKey, versionId: text, sha256: hash }))
    .readonly()
    .describe('The records since the digest before, sorted by key; each record is in one digest only'),
  missing: z
    .array(z.strictObject({ key: recordKey, sha256: hash, registeredAt: moment }))
    .readonly()
    .describe('Registered and not in the vault 15 minutes later; said once, and listed as a record should it turn up'),
  faults: z
    .array(
      z.strictObject({
        key: recordKey,
        versionId: text,
        fault: z.enum(['differs', 'repeated', 'delete marker']),
        sha256: hash.nullable(),
      }),
    )
    .readonly()
    .describe("Versions under a record's key that are not that record"),
  previous: hash.nullable().describe('SHA-256 of the whole file of the digest before it; null on the first'),
});

/** The file of a digest. */
export const signedDigestSchema = z.strictObject({
  digest,
  key: text.describe('The ARN of the KMS key that signed'),
  algorithm: z.literal('ECDSA_SHA_256'),
  signature: z
    .string()
    .regex(/^[A-Za-z0-9+/]+=*$/)
    .describe('Base64 of DER; over the canonical JSON (RFC 8785) of the whole file but for the signature itself'),
});

/** The schemas as files for auditors, by their names in `docs/`. */
export const schemaFiles = (): ReadonlyMap<string, object> =>
  new Map([
    ['evidence.schema.json', published('An evidence record of Evenkeel', evidenceSchema)],
    ['digest.schema.json', published('A signed digest of evidence of Evenkeel', signedDigestSchema)],
  ]);

const published = (title: string, schema: z.ZodType) => ({
  title,
  ...z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly; // which says something of the types in memory only
    },
  }),
});
