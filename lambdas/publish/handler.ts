import { setTimeout as sleep } from 'node:timers/promises';
import { S3 } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { EXCEPTIONS_KEY } from '../../lib/exceptions/exception.ts';
import { publishedExceptions, variable } from '../runtime/environment.ts';
import { logger, step } from '../runtime/step.ts';

const s3 = new S3({});

/** Publishes the deployed register for CloudFormation, which waits for the answer and hears the reason when it fails. */
async function publish(request: CloudFormationCustomResourceEvent): Promise<void> {
  const Bucket = variable('EVENKEEL_EXCEPTIONS');
  const known = {
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
    // The same each time, or CloudFormation would take the old one for replaced and have it deleted.
    PhysicalResourceId: `s3://${Bucket}/${EXCEPTIONS_KEY}`,
  };
  await answer(request.ResponseURL, { ...known, ...(await outcomeOf(request, Bucket)) });
}

/** An error is told to CloudFormation and not thrown, for Lambda would try again what CloudFormation has rolled back. */
async function outcomeOf({ RequestType }: CloudFormationCustomResourceEvent, Bucket: string) {
  try {
    // What was published stays when the stack goes, for gates may still read it.
    if (RequestType !== 'Delete') await put(Bucket);
    return { Status: 'SUCCESS' } as const;
  } catch (error) {
    logger.error('the register was not published', { error });
    const Reason = `The register of exceptions could not be published in ${Bucket}: ${error}`.slice(0, 1000);
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

/** Bytes have no content type, and the address that CloudFormation signed allows none. */
async function answer(url: string, response: CloudFormationCustomResourceResponse): Promise<void> {
  const body = Buffer.from(JSON.stringify(response));
  for (let attempt = 1; ; attempt++)
    try {
      const { ok, status } = await fetch(url, { method: 'PUT', body });
      if (ok) return;
      throw new Error(`CloudFormation did not take the answer: HTTP ${status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 1000);
    }
}

/** Lambda's entry. */
export const handler = step('publish', publish);
