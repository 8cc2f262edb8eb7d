import type { TestProject } from 'vitest/node';
import { makeWorld } from '../../sandbox/world.ts';
import type { Provided } from './local-aws.ts';

declare module 'vitest' {
  interface ProvidedContext {
    world: Provided;
  }
}

/** Makes one world for all tests of the loop, and ends it after the last. */
export default async function setup(project: TestProject) {
  const world = await makeWorld({ waitScale: 0.05, logPrefix: 'test-' });
  const { gateway, developers, deployment } = world;
  project.provide('world', { url: gateway.url, developers, deployment });
  return () => world.stop();
}
