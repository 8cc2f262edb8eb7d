import { Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { App, Aspects, Stack, Validations } from 'aws-cdk-lib/core';

// Synthesizes an app of this many resources with one gate or none, and sends the processor time of the whole process in
// milliseconds, as `cdk synth` starts one. The code of a gate is loaded only for that gate.
const [gate, size, validation, entry = ''] = process.argv.slice(2);
if (validation === 'off') process.env.CDK_VALIDATION = 'false';
const app = new App({ analyticsReporting: false, outdir: 'cdk.out' });
await add();
fill(Number(size));
try {
  app.synth();
} catch (error) {
  if (gate !== 'cdk-nag') throw error; // cdk-nag finds an error in every app and has no option to warn
}
const { user, system } = process.cpuUsage();
process.exitCode = 0;
process.send?.((user + system) / 1000);

async function add(): Promise<void> {
  if (gate === 'nothing') Validations.of(app).addPlugins({ name: 'nothing', validate });
  if (gate === 'evenkeel') {
    const { ComplianceAspect } = (await import(entry)) as typeof import('../../../lib/index.ts'); // what it is built from
    Aspects.of(app).add(new ComplianceAspect({ action: 'warn' }));
  }
  if (gate === 'cdk-nag') {
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
}

function validate() {
  return { success: true, violations: [] };
}

/** Stacks of ten resources at a time, as people write them, until there are enough; CloudFormation takes 500 a stack. */
function fill(size: number): void {
  for (let made = 0, stack: Stack | undefined; made < size; made += 10) {
    stack = stack && made % 500 > 0 ? stack : new Stack(app, `Stack${made}`);
    addTen(stack, made);
  }
}

function addTen(stack: Stack, n: number): void {
  const vpc = Vpc.fromVpcAttributes(stack, `Vpc${n}`, { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] });
  const key = new Key(stack, `Key${n}`, { enableKeyRotation: n % 200 > 0 });
  const bucket = new Bucket(stack, `Bucket${n}`, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
  });
  const encrypted = { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
  const dead = { queue: new Queue(stack, `Dead${n}`, encrypted), maxReceiveCount: 3 };
  const queue = new Queue(stack, `Queue${n}`, { ...encrypted, deadLetterQueue: dead });
  const group = new SecurityGroup(stack, `Group${n}`, { vpc });
  group.addIngressRule(Peer.anyIpv4(), Port.tcp(443));
  group.addIngressRule(Peer.ipv4('10.0.0.0/8'), Port.tcp(22));
  const reader = new Role(stack, `Reader${n}`, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  reader.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
  const code = Code.fromInline('exports.handler = async () => {};');
  const reading = new LambdaFunction(stack, `Read${n}`, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code,
    environment: { BUCKET: bucket.bucketName, QUEUE: queue.queueUrl },
  });
  bucket.grantRead(reading);
  queue.grantConsumeMessages(reading);
}
