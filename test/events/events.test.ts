import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Events } from '../../lib/events/events.ts';
import { eventExamples } from '../../lib/events/examples.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import type { Same } from '../same-fields.ts';

type SameFields = { readonly [Type in keyof Events]: Same<z.output<(typeof eventSchemas)[Type]>, Events[Type]> };
/** The compiler is the test: it refuses where a type and its schema differ. */
const same: SameFields = {
  'Evenkeel Outcome': true,
  'Evenkeel Approval Request': true,
  'Evenkeel Backlog': true,
  'Evenkeel Grace Period': true,
  'Evenkeel Circuit Breaker': true,
  'Evenkeel Command': true,
  'Evenkeel Reminder': true,
  'Evenkeel Exception Expiring': true,
};

it('there is a schema for every event', () => expect(Object.keys(same)).toEqual(Object.keys(eventSchemas)));

describe('the example', () => {
  it.each(Object.entries(eventExamples))('of %s matches its schema', (type, example) => {
    const schema = eventSchemas[type as keyof Events]; // its keys
    expect(schema.safeParse(JSON.parse(JSON.stringify(example))).error).toBeUndefined();
    expect(schema.safeParse({ ...example, other: 1 }).success).toBe(false);
    expect(schema.safeParse({ ...example, version: '2' }).success).toBe(false);
  });
});
