import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { controls } from '../controls/index.ts';
import type { Cases } from './cases/cases.ts';
import { testControl } from './control-tester.ts';

for (const control of controls) {
  const { id } = control;
  if (existsSync(new URL(`./cases/${id}.ts`, import.meta.url))) {
    const { cases }: { cases: Cases } = await import(`./cases/${id}.ts`);
    testControl(control, cases);
  } else it(`${id} has cases`, () => expect.fail(`Write test/cases/${id}.ts and export \`cases\`.`));
}
