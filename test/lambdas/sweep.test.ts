import { beforeEach, expect, it } from 'vitest';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';

let resources: LiveResources;
const sweep = () => hub.invoke('sweep', { sweep: 's', controls: ['rules'], account: ACCOUNT, region: 'eu-west-1' });
const found = (states: { readonly [id: string]: object | undefined }) => {
  for (const [id, state] of Object.entries(states))
    resources.states.set(`eu-west-1/${id}`, state as { Rules: string[] });
};
const started = () => hub.started.map(({ trigger }) => trigger.resource);
const open = { Rules: ['open'] };

beforeEach(() => {
  resources = new LiveResources();
  hub.deploy(resources.control());
});

it('lists each type once for its controls in each place', async () => {
  hub.account.regions = ['a', 'b'];
  const control = resources.control();
  hub.deploy(control, { ...control, id: 'other' });
  const { items } = (await hub.invoke('sweep', {})) as { readonly items: readonly object[] };
  expect(items).toMatchObject([
    { account: ACCOUNT, region: 'a', controls: ['rules', 'other'] },
    { account: ACCOUNT, region: 'b', controls: ['rules', 'other'] },
  ]);
});

it('starts a remediation for each violation, and counts them by control and in total', async () => {
  found({ x: open, y: { Rules: [] }, z: open, gone: undefined });
  await sweep();
  expect(started()).toEqual(['x', 'z']);
  expect(hub.metrics).toEqual([
    { name: 'violations', control: 'rules', value: 2 },
    { name: 'violations', value: 2 },
  ]);
});

it('publishes zeros, so that a graph has no gaps', async () => {
  await sweep();
  expect(hub.metrics).toEqual([
    { name: 'violations', control: 'rules', value: 0 },
    { name: 'violations', value: 0 },
  ]);
});

it('counts the violations that it found, and fails for a retry, when a resource could not be read', async () => {
  found({ x: open, y: open });
  resources.denied = ['y'];
  await expect(sweep()).rejects.toThrow('1 resource could not be read');
  expect(started()).toEqual(['x']);
  expect(hub.metrics).toContainEqual({ name: 'violations', value: 1 });
});

it('starts an execution for a state that cannot be evaluated', async () => {
  found({ x: open });
  hub.deploy(
    resources.control({
      check: () => {
        throw new Error('no verdict');
      },
    }),
  );
  await sweep();
  expect(started()).toEqual(['x']);
});
