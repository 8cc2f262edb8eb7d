import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Runs evidence.test.ts first, while the vault is small, and evidence-integrity.test.ts last, on the evidence of all others. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => position(a) - position(b)); // a stable sort
  }
}
const position = ({ moduleId }: TestSpecification) =>
  moduleId.endsWith('/loop/evidence.test.ts') ? 0 : moduleId.endsWith('/loop/evidence-integrity.test.ts') ? 2 : 1;

export default defineConfig({
  test: {
    sequence: { sequencer: Sequencer },
    // CDK's validation of templates costs seconds per process; `npx cdk synth` in .ci/run has it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_LOG_LEVEL: 'SILENT' },
    projects: [
      {
        extends: true,
        // A test takes about a second, and several on a busy machine.
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
          // All files share one local AWS, so the faults of one must not reach another.
          globalSetup: 'test/loop/setup.ts',
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
