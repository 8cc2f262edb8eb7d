import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { type Reason, reasonText } from '../../lib/text/reasons.ts';
import { step } from './step.ts';

/** A request from API Gateway. AWS sets the identity of the caller; the caller sets everything else. */
export type Request = Pick<
  APIGatewayProxyEventV2WithIAMAuthorizer,
  'routeKey' | 'pathParameters' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    readonly requestId?: string;
    readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } };
  };
};

/** A refused request, with the reasons for the caller. Nothing was changed. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly because: readonly Reason[];
  constructor(status: number, ...because: readonly Reason[]) {
    super(reasonText(...because));
    this.status = status;
    this.because = because;
  }
}

/** The caller's reason for a request, which the evidence keeps. */
export const callerReason = z.string().trim().min(3, 'must hold at least 3 characters').max(1000);

/** The caller's ARN, as API Gateway reports it. */
export const callerArn = ({ requestContext }: Request): string => requestContext.authorizer?.iam?.userArn ?? '';

/** Reads the body of a request. Throws an HttpError with the problems that it finds. */
export function bodyOf<T>({ body, isBase64Encoded }: Request, schema: z.ZodType<T>): T {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(' '));
  throw new HttpError(400, { code: 'invalid-body', problems });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, { code: 'body-not-json' });
  }
}

/** Runs a conditional write. Answers 409 with the reason when another write was faster. */
export async function conflictAs409<T>(write: () => Promise<T>, reason: Reason): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (
      error instanceof Error &&
      ['ConditionalCheckFailedException', 'TransactionCanceledException'].includes(error.name)
    )
      throw new HttpError(409, reason);
    throw error;
  }
}

/** A Lambda entry that serves API requests: it answers with the result, or with the reasons for a refusal. */
export const apiHandler = (name: string, serve: (request: Request) => Promise<object>) =>
  step(name, async (request: Request): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      refuseLongNames(request);
      return answer(200, await serve(request));
    } catch (error) {
      if (error instanceof HttpError) return answer(error.status, { refused: error.message, because: error.because });
      throw error;
    }
  });

/** No id of Evenkeel is longer, and DynamoDB accepts no longer key. */
const LONGEST_NAME = 200;

function refuseLongNames({ pathParameters }: Request): void {
  const name = Object.values(pathParameters ?? {}).find((value = '') => value.length > LONGEST_NAME);
  if (name !== undefined) throw new HttpError(404, { code: 'unknown-name', name: `${name.slice(0, 20)}...` });
}

const answer = (statusCode: number, body: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
