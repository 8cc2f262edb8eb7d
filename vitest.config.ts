import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What all other tests of the loop left in the vault is judged after them; a thousand alterations are tried while it is small. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => turn(a) - turn(b)); // others keep their order
  }
}
const turn = ({ moduleId }: TestSpecification) =>
  moduleId.endsWith('/loop/evidence.test.ts') ? 0 : moduleId.endsWith('/loop/evidence-integrity.test.ts') ? 2 : 1;

export default defineConfig({
  test: {
    sequence: { sequencer: Sequencer },
    // CDK's own validation of templates costs seconds a process; `npx cdk synth` in .ci/run has it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_LOG_LEVEL: 'SILENT' },
    projects: [
      {
        extends: true,
        // No test is about how fast the machine is; a busy one takes a multiple of the usual second.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/loop/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'loop',
          include: ['test/loop/**/*.test.ts'],
          // One world serves all files, so that they must not inject faults into each other.
          globalSetup: 'test/loop/setup.ts',
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
