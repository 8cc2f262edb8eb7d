/** Settings of an AWS client; the engine supplies them, so a control cannot choose its credentials. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** An endpoint instead of AWS's own, such as a local one. */
  readonly endpoint?: string;
}

/** An AWS service: its client, and the names of its calls where API, IAM and CloudTrail differ. */
export interface Service {
  /** Loads the client library on demand, to save the start-up time of unused services. */
  load(settings: ClientSettings): Promise<object>;
  /** The prefix of the service's IAM actions. */
  readonly iam: string;
  /** CloudTrail's `eventSource`. */
  readonly source: string;
  /** IAM action by API operation, if the names differ or the operation needs another action. */
  readonly actions?: { readonly [operation: string]: string };
  /** CloudTrail event name by API operation, if the names differ. */
  readonly events?: { readonly [operation: string]: string };
}

/** Every AWS service that a control can use; the only list of services. */
export const services = {
  cloudtrail: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-cloudtrail')).CloudTrail(settings),
    iam: 'cloudtrail',
    source: 'cloudtrail.amazonaws.com',
  },
  ec2: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-ec2')).EC2(settings),
    iam: 'ec2',
    source: 'ec2.amazonaws.com',
  },
  iam: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-iam')).IAM(settings),
    iam: 'iam',
    source: 'iam.amazonaws.com',
  },
  kms: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-kms')).KMS(settings),
    iam: 'kms',
    source: 'kms.amazonaws.com',
  },
  rds: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-rds')).RDS(settings),
    iam: 'rds',
    source: 'rds.amazonaws.com',
  },
  s3: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-s3')).S3(settings),
    iam: 's3',
    source: 's3.amazonaws.com',
    actions: {
      ListBuckets: 'ListAllMyBuckets',
      GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
      DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
    },
    events: {
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
      DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
    },
  },
  sqs: {
    load: async (settings: ClientSettings) => new (await import('@aws-sdk/client-sqs')).SQS(settings),
    iam: 'sqs',
    source: 'sqs.amazonaws.com',
  },
} as const satisfies { readonly [name: string]: Service };

/** The names of the services in `services` of a resource type. */
export type ServiceName = keyof typeof services;
