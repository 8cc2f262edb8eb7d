import type { Notification } from './notification.ts';

/** What SNS is asked to publish; it takes the text for people from `email`, and for everything else the JSON. */
export interface Message {
  readonly Subject: string;
  readonly MessageStructure: 'json';
  readonly Message: string;
  readonly MessageAttributes: { readonly [name: string]: { readonly DataType: string; readonly StringValue: string } };
}

/** The JSON body of a message, for whatever is subscribed and reads JSON. */
export interface Body {
  readonly version: '1';
  /** The event's detail-type. */
  readonly type: string;
  readonly subject: string;
  /** The same text that goes out by e-mail. */
  readonly text: string;
  /** The event's detail; absent where SNS would refuse the message for its size. */
  readonly detail?: object;
}

/** SNS counts the bytes of the whole message. */
const LIMIT = 256 * 1024 - 2048;
const TEXT_LIMIT = 30_000;

/** Makes a message of a notice: readable in a mailbox, and machine-readable anywhere else. */
export function messageOf(notification: Notification, type: string, detail: object): Message {
  const subject = asSubject(notification.subject);
  const text = cut(`${notification.text}\n`, TEXT_LIMIT);
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

/** SNS takes fewer than 100 characters of printable ASCII. */
const asSubject = (subject: string): string => {
  const plain = `[Evenkeel] ${subject}`.replace(/[^\x20-\x7e]/g, '?');
  return plain.length < 100 ? plain : `${plain.slice(0, 96)}...`;
};

/** An attribute must not be empty, so that what is not known has none. */
function attributesOf({ kind, owners, control, account, severity }: Notification): Message['MessageAttributes'] {
  const texts = Object.entries({ kind, control, account, severity }).flatMap(([name, value]) =>
    value ? [[name, { DataType: 'String', StringValue: value }] as const] : [],
  );
  const owner = { DataType: 'String.Array', StringValue: JSON.stringify(owners) };
  return { ...Object.fromEntries(texts), ...(owners.length > 0 && { owner }) };
}
