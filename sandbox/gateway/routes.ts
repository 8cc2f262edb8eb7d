/** The emulator, or the gateway's own player, that answers a service. */
export type Backend = 'ministack' | 'moto' | 'config' | 'tags';

// What MiniStack lacks and moto has, by trying each check of the catalogue. CloudTrail stays with MiniStack: moto forgets
// whether a trail validates its log files.
const BACKENDS: Record<string, Backend> = {
  ec2: 'moto',
  rds: 'moto',
  s3control: 'moto',
  config: 'config',
  resourcegroupstaggingapi: 'tags',
};

/** Who answers a service; by its SigV4 scope where the call could not be named. */
export function backendOf(service: string): Backend {
  return BACKENDS[service] ?? 'ministack';
}
