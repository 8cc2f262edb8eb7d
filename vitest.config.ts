import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What the evidence of all other tests comes to is judged after them. */
class EvidenceLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLast = ({ moduleId }: TestSpecification) => moduleId.endsWith('test/loop/evidence.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !isLast(file)), ...sorted.filter(isLast)];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: EvidenceLast },
    // CDK's own validation of templates costs seconds a process; `npx cdk synth` in .ci/run has it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_LOG_LEVEL: 'SILENT' },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/loop/**'] } },
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
