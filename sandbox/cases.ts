import type { Cases } from '../test/cases/cases.ts';

/** A control's table of cases, which the tests and the local AWS share. */
export async function casesOf(control: string): Promise<Cases> {
  const { cases }: { cases: Cases } = await import(`../test/cases/${control}.ts`);
  return cases;
}
