import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { step } from './step.ts';

/** A request as API Gateway hands it over; who calls is AWS's word, and everything else the caller's. */
export type Request = Pick<
  APIGatewayProxyEventV2WithIAMAuthorizer,
  'routeKey' | 'pathParameters' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    readonly requestId?: string;
    readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } };
  };
};

/** Why a request was turned down, for the person who made it; nothing was changed. */
export class HttpError extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Why somebody asks for something, in his own words; it goes into the evidence. */
export const reasonGiven = z.string().trim().min(3, 'must say why, in a few words').max(1000);

/** Who AWS says is calling. */
export const callerArn = ({ requestContext }: Request): string => requestContext.authorizer?.iam?.userArn ?? '';

/** Reads a request's body; throws a Refusal that says what is wrong with it. */
export function bodyOf<T>({ body, isBase64Encoded }: Request, schema: z.ZodType<T>): T {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(' '));
  throw new HttpError(400, `${wrong.join('; ')}.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'The body must be JSON.');
  }
}

/** Runs a write whose condition another may have made false meanwhile, and says so to the person. */
export async function conflictAs409<T>(write: () => Promise<T>, message: string): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (
      error instanceof Error &&
      ['ConditionalCheckFailedException', 'TransactionCanceledException'].includes(error.name)
    )
      throw new HttpError(409, message);
    throw error;
  }
}

/** A Lambda entry that answers people: with what was done, or with why it was not. */
export const apiHandler = (name: string, serve: (request: Request) => Promise<object>) =>
  step(name, async (request: Request): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      refuseNamesOfNothing(request);
      return answer(200, await serve(request));
    } catch (error) {
      if (error instanceof HttpError) return answer(error.status, { refused: error.message });
      throw error;
    }
  });

/** No id of ours is longer, and DynamoDB takes no key that is. */
const LONGEST_NAME = 200;

function refuseNamesOfNothing({ pathParameters }: Request): void {
  const name = Object.values(pathParameters ?? {}).find((value = '') => value.length > LONGEST_NAME);
  if (name !== undefined) throw new HttpError(404, `There is no "${name.slice(0, 20)}...".`);
}

const answer = (statusCode: number, body: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
