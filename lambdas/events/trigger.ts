import { z } from 'zod';
import type { Actor } from '../../lib/model/actor.ts';
import type { Reason } from '../../lib/text/reasons.ts';

/** The source of a trigger. */
export type Source = 'cloudtrail' | 'config' | 'security-hub' | 'sweep' | 'command' | 'coalesced' | 'rollback';

/** The normal form of every event: evaluate this resource for this control. No other field of the event is trusted. */
export interface Trigger {
  readonly source: Source;
  /** The id of the event. The same event always leads to the same execution. */
  readonly event: string;
  readonly account: string;
  readonly region: string;
  readonly control: string;
  /** The resource as the event names it: the API's id, an ARN, a URL, or AWS Config's own id. */
  readonly resource: string;
  readonly actor?: Actor;
}

/** The triggers of an event, or the reasons why Evenkeel ignores it. */
export type TriggerResult = { readonly triggers: readonly Trigger[] } | { readonly ignored: readonly Reason[] };

/** The shape of an input with which the hub starts an execution itself. */
export const directSchema = z.object({
  evenkeel: z.object({
    source: z.enum(['sweep', 'command', 'coalesced', 'rollback', 'cloudtrail', 'config', 'security-hub']),
    event: z.string().min(1),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().min(1),
    control: z.string().min(1),
    resource: z.string().min(1),
    actor: z
      .object({
        type: z.string(),
        arn: z.string().optional(),
        issuer: z.string().optional(),
        invokedBy: z.string().optional(),
      })
      .optional(),
  }),
});

/** The input with which the hub starts an execution. Only the hub's roles may start one. */
export const directInput = (trigger: Trigger): string =>
  JSON.stringify({ evenkeel: trigger } satisfies z.input<typeof directSchema>);
