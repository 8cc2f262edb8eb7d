import { describe, expect, it } from 'vitest';
import { verify } from '../../lib/audit/verify.ts';
import { endOf, makeVault, memory, type Objects, ours } from './vault.ts';

const SIZE = { executions: 120, hours: 40 };
const audit = (objects: Objects, complete?: boolean) =>
  verify(memory(objects, complete), { keys: [ours.publicKey], now: endOf(SIZE), maxAge: 3 * 3_600_000 });

describe('a vault that nobody touched', () => {
  it('is whole', async () => {
    const found = await audit(makeVault(SIZE));
    expect(found).toMatchObject({ verdict: 'whole', findings: [] });
  });
});
