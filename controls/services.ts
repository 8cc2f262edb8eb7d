/** What an AWS client is made with; the engine supplies it, so that a control never chooses whose rights it uses. */
export interface ClientSettings {
  readonly region: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** An address in place of AWS's own, such as a local one. */
  readonly endpoint?: string;
}

/** One AWS service: how its client is loaded, and where the names of one call differ between API, IAM and CloudTrail. */
export interface Service {
  /** Loads the client library on demand, so that nothing pays for a service that it does not use. */
  load(settings: ClientSettings): Promise<object>;
  /** The prefix of the service's IAM actions. */
  readonly iam: string;
  /** CloudTrail's `eventSource`. */
  readonly source: string;
  /** API operation to IAM action, where they differ or where one operation needs another's right. */
  readonly actions?: { readonly [operation: string]: string };
  /** API operation to CloudTrail event name, where they differ. */
  readonly events?: { readonly [operation: string]: string };
}

/** Every AWS service that a control may use; the only place that knows them by name. */
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

/** The names under which controls ask for clients. */
export type ServiceName = keyof typeof services;
