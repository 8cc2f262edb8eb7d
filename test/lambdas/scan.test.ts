import { describe, expect, it } from 'vitest';
import { type Observed, scan, scanTargetsOf } from '../../lambdas/decision/scan.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { Control, Place, State } from '../../lib/model/control.ts';

const place: Place = { account: '111111111111', region: 'eu-west-1', partition: 'aws' };

/** A control whose list call carries the state of some resources, and whose read fails for one. */
const control = {
  id: 'c',
  scope: 'regional',
  observe: {
    actions: [],
    async *list() {
      yield { id: 'listed', state: { On: true } };
      yield { id: 'read' };
      yield { id: 'gone' };
      yield { id: 'locked' };
      yield { id: 'last', state: { On: false } };
    },
    async read(_clients: unknown, { id }: { readonly id: string }): Promise<State | undefined> {
      if (id === 'locked') throw new Error('AccessDenied');
      return id === 'gone' ? undefined : { On: false };
    },
  },
} as unknown as Control; // as far as looking goes

describe('looking at a place', () => {
  it('sees every resource, also behind one that cannot be read', async () => {
    const seen: Observed[] = [];
    for await (const one of scan(control, place, { clients: {} } as never)) seen.push(one);
    expect(seen).toEqual([
      { id: 'listed', live: { On: true } },
      { id: 'read', live: { On: false } },
      { id: 'gone', live: undefined },
      { id: 'locked', unread: 'locked: Error: AccessDenied' },
      { id: 'last', live: { On: false } },
    ]);
  });

  it('goes to every place of a control that is not off, and to one for what is global', () => {
    const settings = {
      globalRegion: 'us-east-1',
      accounts: {
        '1': { regions: ['a', 'b'], modes: { c: 'auto', g: 'observe' } },
        '2': { regions: ['a'], modes: {} },
      },
    } as unknown as Settings; // as far as places go
    const global = { id: 'g', scope: 'global' } as Control;
    expect(scanTargetsOf(settings, [control, global]).map((spot) => Object.values(spot).join(' '))).toEqual([
      'c 1 a',
      'c 1 b',
      'g 1 us-east-1',
    ]);
  });
});
