import { SFN } from '@aws-sdk/client-sfn';
import { directInput, type Trigger } from '../events/trigger.ts';
import { variable } from './environment.ts';

const machines = new SFN({});

/** Starts a remediation with a fixed name, so a second start changes nothing. */
export async function startRemediation(name: string, trigger: Trigger): Promise<void> {
  try {
    await machines.startExecution({
      stateMachineArn: variable('EVENKEEL_MACHINE'),
      name,
      input: directInput(trigger),
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
  }
}
