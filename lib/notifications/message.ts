import { printableLines } from '../text/printable.ts';
import type { Notification } from './notification.ts';

/** A message for SNS, which sends `email` to mailboxes and the JSON to all other subscribers. */
export interface Message {
  readonly Subject: string;
  readonly MessageStructure: 'json';
  readonly Message: string;
  readonly MessageAttributes: { readonly [name: string]: { readonly DataType: string; readonly StringValue: string } };
}

/** The JSON body of a message. */
export interface Body {
  readonly version: '1';
  /** The event's detail-type. */
  readonly type: string;
  readonly subject: string;
  /** The text of the e-mail. */
  readonly text: string;
  /** The event's detail; absent where the message would be too large for SNS. */
  readonly detail?: object;
}

/** SNS limits the bytes of the whole message. */
const LIMIT = 256 * 1024 - 2048;
const TEXT_LIMIT = 30_000;

/** Makes the SNS message of a notification. */
export function messageOf(notification: Notification, type: string, detail: object): Message {
  const subject = asSubject(notification.subject);
  const text = cut(`${printableLines(notification.text)}\n`, TEXT_LIMIT);
  const body: Body = { version: '1', type, subject, text };
  const message = (body: Body) => JSON.stringify({ default: JSON.stringify(body), email: text });
  const complete = message({ ...body, detail });
  return {
    Subject: subject,
    MessageStructure: 'json',
    Message: Buffer.byteLength(complete) > LIMIT ? message(body) : complete,
    MessageAttributes: attributesOf(notification),
  };
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 4)}\n...` : text);

/** SNS accepts fewer than 100 characters of printable ASCII. */
const asSubject = (subject: string): string => {
  const plain = `[Evenkeel] ${subject}`.replace(/[^\x20-\x7e]/g, '?');
  return plain.length < 100 ? plain : `${plain.slice(0, 96)}...`;
};

/** SNS refuses an empty attribute, so an unknown value has no attribute. */
function attributesOf({ kind, owners, control, account, severity }: Notification): Message['MessageAttributes'] {
  const texts = Object.entries({ kind, control, account, severity }).flatMap(([name, value]) =>
    value ? [[name, { DataType: 'String', StringValue: value }] as const] : [],
  );
  const owner = { DataType: 'String.Array', StringValue: JSON.stringify(owners) };
  return { ...Object.fromEntries(texts), ...(owners.length > 0 && { owner }) };
}
