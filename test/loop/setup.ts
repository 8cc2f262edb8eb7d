import type { TestProject } from 'vitest/node';
import { startLocalAws } from '../../sandbox/local-aws.ts';
import type { Provided } from './local-aws.ts';

declare module 'vitest' {
  interface ProvidedContext {
    world: Provided;
  }
}

/** Starts one local AWS for all tests of the loop, and stops it after the last. */
export default async function setup(project: TestProject) {
  const world = await startLocalAws({ waitScale: 0.05, logPrefix: 'test-' });
  const { gateway, developers, deployment } = world;
  project.provide('world', { url: gateway.url, developers, deployment });
  return () => world.stop();
}
