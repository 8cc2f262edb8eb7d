import { SFN } from '@aws-sdk/client-sfn';
import { variable } from './environment.ts';
import { directInput, type Hint } from './hint.ts';

const machines = new SFN({});

/** Starts a remediation of our own under a name that makes a second start of it harmless. */
export async function startRemediation(name: string, hint: Hint): Promise<void> {
  try {
    await machines.startExecution({
      stateMachineArn: variable('EVENKEEL_MACHINE'),
      name,
      input: directInput(hint),
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
  }
}
