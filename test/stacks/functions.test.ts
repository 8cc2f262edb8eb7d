import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { declarationOf, functionNames, functionsThatRecord, functionsWith } from '../../lib/stacks/functions.ts';
import { example, get, synthesise } from './synth.ts';

const lambdas = new URL('../../lambdas/', import.meta.url);
const hub = get(synthesise(example()), 'Hub');

describe('the table of functions', () => {
  it('has one entry for each handler, except those of the region stacks', () => {
    const withHandler = readdirSync(lambdas).filter((name) => existsSync(new URL(`${name}/handler.ts`, lambdas)));
    expect([...functionNames, 'evaluate', 'hook'].sort()).toEqual(withHandler.sort());
  });

  it.each(functionNames)('deploys %s as declared', (name) => {
    const { description, timeout, memory = 512, environment } = declarationOf(name);
    const functions = hub.all('AWS::Lambda::Function').map(({ Properties }) => Properties);
    const deployed = functions.find(({ FunctionName }) => FunctionName === `evenkeel-${name}`);
    expect(deployed).toMatchObject({ Description: description, Timeout: timeout, MemorySize: memory });
    const variables: object = deployed?.Environment.Variables;
    const own = Object.keys(variables).filter((variable) => variable.startsWith('EVENKEEL_'));
    expect(own.sort()).toEqual([...environment].sort());
  });

  it('declares the newest Node.js runtime', () => {
    for (const { Properties } of hub.all('AWS::Lambda::Function')) expect(Properties.Runtime).toBe('nodejs24.x');
  });

  it('finds functions by a right and by the phase of a record', () => {
    expect(functionsWith('assume-repair-roles')).toEqual(['repair']);
    expect(functionsThatRecord('outcome')).toEqual(['settle']);
  });

  it('gives every function that writes records the name of the vault', () => {
    for (const name of functionsThatRecord()) expect(declarationOf(name).environment).toContain('EVENKEEL_VAULT');
  });
});
