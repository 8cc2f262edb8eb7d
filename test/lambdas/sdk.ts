import { SFNClient } from '@aws-sdk/client-sfn';
import { vi } from 'vitest';
import type { FakeAws } from './fake-aws.ts';

interface Command {
  readonly input: object;
}

/** The class that every client of the AWS SDK extends. Its `send` is the one seam between the functions and AWS. */
const client: { send(command: Command): Promise<unknown> } = Object.getPrototypeOf(SFNClient.prototype); // which is untyped

/** Answers every call of the AWS SDK from a fake AWS. */
export function answerCalls(aws: FakeAws): void {
  vi.spyOn(client, 'send').mockImplementation(async function (this: unknown, command: Command) {
    return aws.answer(command.constructor.name.replace(/Command$/, ''), command.input, this);
  });
}
