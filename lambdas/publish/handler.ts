import { setTimeout as sleep } from 'node:timers/promises';
import { S3 } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { EXCEPTIONS_KEY } from '../../lib/exceptions/exception.ts';
import { publishedExceptions, variable } from '../runtime/environment.ts';
import { logger, step } from '../runtime/step.ts';

const s3 = new S3({});

/** Publishes the deployed exceptions. CloudFormation waits for the answer, and reports the reason of a failure. */
async function publish(request: CloudFormationCustomResourceEvent): Promise<void> {
  const Bucket = variable('EVENKEEL_EXCEPTIONS');
  const known = {
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
    // Always the same id. With a new id, CloudFormation would delete the old object.
    PhysicalResourceId: `s3://${Bucket}/${EXCEPTIONS_KEY}`,
  };
  await answer(request.ResponseURL, { ...known, ...(await outcomeOf(request, Bucket)) });
}

/** Returns an error and does not throw it, because Lambda would retry after CloudFormation has rolled back. */
async function outcomeOf({ RequestType }: CloudFormationCustomResourceEvent, Bucket: string) {
  try {
    // The published file outlives the stack, because gates may still read it.
    if (RequestType !== 'Delete') await put(Bucket);
    return { Status: 'SUCCESS' } as const;
  } catch (error) {
    logger.error('the exceptions were not published', { error });
    const Reason = `The exceptions could not be published in ${Bucket}: ${error}`.slice(0, 1000);
    return { Status: 'FAILED', Reason } as const;
  }
}

const put = (Bucket: string) =>
  s3.putObject({
    Bucket,
    Key: EXCEPTIONS_KEY,
    Body: JSON.stringify(publishedExceptions, undefined, 2),
    ContentType: 'application/json',
  });

const ATTEMPTS = 3;

/** Sends bytes, which have no content type, because the URL that CloudFormation signed allows none. */
async function answer(url: string, response: CloudFormationCustomResourceResponse): Promise<void> {
  const body = Buffer.from(JSON.stringify(response));
  for (let attempt = 1; ; attempt++)
    try {
      const { ok, status } = await fetch(url, { method: 'PUT', body });
      if (ok) return;
      throw new Error(`CloudFormation rejected the answer with status ${status}.`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 1000);
    }
}

/** Lambda's entry. */
export const handler = step('publish', publish);
