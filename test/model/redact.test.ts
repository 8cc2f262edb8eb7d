import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { list, map, object, text } from '../../lib/model/property.ts';
import { hasSecrets, redact } from '../../lib/model/redact.ts';

const password = text({ secret: true });
const properties = {
  Name: text(),
  Password: password,
  Users: list(object({ Name: text(), Password: password })),
  Tokens: map(password),
};
const key = Buffer.from('a key of the hub');
const state = (secret: string) => ({
  Name: 'db',
  Password: secret,
  Users: [{ Name: 'ann', Password: secret }],
  Tokens: { ci: secret },
  Other: 'untouched',
});
const secrets = fc.uuid();

describe('redaction', () => {
  it('leaves no secret value at any depth, and everything else as it is', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const redacted = redact(state(secret), properties, key);
        expect(JSON.stringify(redacted)).not.toContain(secret);
        const hash = expect.stringMatching(/^redacted:[0-9a-f]{64}$/);
        expect(redacted).toEqual({
          Name: 'db',
          Password: hash,
          Users: [{ Name: 'ann', Password: hash }],
          Tokens: { ci: hash },
          Other: 'untouched',
        });
      }),
    );
  });

  it('keeps equal values equal under one key, and under no other', () => {
    fc.assert(
      fc.property(secrets, secrets, (one, other) => {
        fc.pre(one !== other);
        const by = (secret: string, of = key) => redact(state(secret), properties, of).Password;
        expect(by(one)).toBe(by(one));
        expect(by(one)).not.toBe(by(other));
        expect(by(one)).not.toBe(by(one, Buffer.from('another key')));
      }),
    );
  });

  it('is asked for only where a property is secret', () => {
    expect(hasSecrets(properties)).toBe(true);
    expect(hasSecrets({ Users: properties.Users })).toBe(true);
    expect(hasSecrets({ Name: properties.Name })).toBe(false);
  });
});
