import { createHash } from 'node:crypto';

const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex'); // RFC 9562

/** A UUID of version 5, which is always the same for the same name. */
export function uuid(name: string): string {
  const hash = createHash('sha1').update(URL_NAMESPACE).update(`https://evenkeel.dev/${name}`).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const PROPERTY_NAMESPACE = 'https://evenkeel.dev/ns/oscal';

/** A fact for which OSCAL has no field of its own. */
export const property = (name: string, value: string | number) => ({
  name,
  ns: PROPERTY_NAMESPACE,
  value: String(value),
});

/** The UUID of the observation of a control in a result, by which findings and risks refer to it. */
export const observationId = (name: string, control: string): string => uuid(`${name}/observation/${control}`);
