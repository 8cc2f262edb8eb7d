import { describe, expect, it, vi } from 'vitest';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import type { Clients, Control, ServiceName, State, Target } from '../../lib/model/control.ts';

const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'name-1' };
const OWNED = { Bucket: 'name-1', ExpectedBucketOwner: '111122223333' };

/** The caution for a repair of `before`, with these answers of AWS. */
function cautionFor(control: Control, name: ServiceName, answers: Record<string, unknown>, before: State = {}) {
  const desired = control.repair?.desired(before, control.parameters ?? {}, new Date()) ?? {};
  // The test must not call methods that are missing here.
  const clients = { [name]: answers } as unknown as Clients;
  return control.repair?.circumstances?.caution(clients, target, before, desired);
}

const refusing = (name: string) => async () => {
  throw Object.assign(new Error('Refused.'), { name });
};

describe('a repair that requires TLS', () => {
  const before = { Arn: 'arn:aws:s3:::name-1' };
  const withWebsite = (getBucketWebsite: unknown) => cautionFor(s3RequireTls, 's3', { getBucketWebsite }, before);

  it('needs an approval if the bucket serves a website', async () => {
    const getBucketWebsite = vi.fn(async () => ({ IndexDocument: { Suffix: 'index.html' } }));
    expect(await withWebsite(getBucketWebsite)).toEqual({
      maxMode: 'approve',
      because:
        'The bucket serves a website, whose endpoint accepts HTTP only, so the repair makes the website unavailable.',
    });
    expect(getBucketWebsite).toHaveBeenCalledExactlyOnceWith(OWNED);
    expect(s3RequireTls.repair?.circumstances?.actions).toEqual(['s3:GetBucketWebsite']);
  });

  it('needs no approval if the bucket has no website', async () => {
    expect(await withWebsite(refusing('NoSuchWebsiteConfiguration'))).toBeUndefined();
  });

  it.each([
    ['cannot be read', 'AccessDenied', 'Refused.'],
    ['is gone', 'NoSuchBucket', 'website'],
  ])('does not guess whether the bucket has a website if it %s', async (_how, name, message) => {
    await expect(withWebsite(refusing(name))).rejects.toThrow(message);
  });
});
