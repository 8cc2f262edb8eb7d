import { describe, expect, it } from 'vitest';
import { ec2Imdsv2 } from '../../controls/ec2/ec2-imdsv2.ts';
import { rdsStorageEncryption } from '../../controls/rds/rds-storage-encryption.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { referencingOf } from '../../lib/evaluate/template/references.ts';
import type { Control, Json, TemplateResources } from '../../lib/model/control.ts';

type Properties = { readonly [property: string]: Json };

function locating({ id, template }: Pick<Control, 'id' | 'template'>) {
  if (!template || !('locate' in template)) throw new Error(`${id} has no function over the template.`);
  return (resources: TemplateResources) =>
    template.locate('It', resources, referencingOf('It', { Resources: resources }, resources));
}

describe('instance metadata in a template', () => {
  const locate = locating(ec2Imdsv2);
  const launched = (
    own: Properties,
    data: Properties,
    Version: Json = { 'Fn::GetAtt': ['Launch', 'LatestVersionNumber'] },
  ) => ({
    It: {
      Type: 'AWS::EC2::Instance',
      Properties: { ...own, LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version } },
    },
    Launch: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: data } },
  });

  it('is located at the instance', () => {
    const MetadataOptions = { HttpTokens: 'required', HttpPutResponseHopLimit: 1 };
    expect(locate({ It: { Type: 'AWS::EC2::Instance', Properties: { MetadataOptions } } })).toEqual({
      state: { MetadataOptions },
      at: 'It',
    });
    expect(locate({ It: { Type: 'AWS::EC2::Instance' } })).toEqual({ state: {}, at: 'It' });
  });

  it('comes from the launch template if the instance does not set HttpTokens', () => {
    const data = { MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' } };
    expect(locate(launched({ MetadataOptions: { HttpPutResponseHopLimit: 2 } }, data)).state).toEqual({
      MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    });
    expect(locate(launched({}, data, '$Latest')).state).toEqual(data);
    expect(locate(launched({}, {})).state).toEqual({});
  });

  it('comes from a launch template by its name', () => {
    const data = { MetadataOptions: { HttpTokens: 'required' } };
    const Launch = {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateName: 'web', LaunchTemplateData: data },
    };
    const named = (LaunchTemplateName: string) => ({
      It: { Type: 'AWS::EC2::Instance', Properties: { LaunchTemplate: { LaunchTemplateName, Version: '$Latest' } } },
      Launch,
    });
    expect(locate(named('web')).state).toEqual(data);
    expect(() => locate(named('other'))).toThrow(/outside this template/);
  });

  it('needs no launch template if the instance disables the endpoint', () => {
    const own = { MetadataOptions: { HttpEndpoint: 'disabled' } };
    expect(locate(launched(own, {}, '1')).state).toEqual(own);
  });

  it('comes from the instance if it sets HttpTokens', () => {
    const own = { MetadataOptions: { HttpTokens: 'optional' } };
    expect(locate(launched(own, { MetadataOptions: { HttpTokens: 'required' } })).state).toEqual(own);
  });

  it.each([
    ['a fixed version of a launch template', launched({}, {}, '1')],
    [
      'the default version, which an update does not change',
      launched({}, { MetadataOptions: { HttpTokens: 'required' } }, { 'Fn::GetAtt': 'Launch.DefaultVersionNumber' }),
    ],
    ['options behind an intrinsic function', launched({}, { MetadataOptions: { 'Fn::FindInMap': ['a', 'b', 'c'] } })],
    ['a launch template outside the template', { It: launched({}, {}).It }],
    ['own options behind a parameter', launched({ MetadataOptions: { Ref: 'Options' } }, {})],
  ])('is unknown for %s', (_what, resources) => {
    expect(() => locate(resources)).toThrow(/outside this template|is a deploy-time value/);
  });

  it('is unknown for an unresolved or invalid endpoint', () => {
    const verdictOf = (HttpEndpoint: Json) => {
      const MetadataOptions = { HttpTokens: 'optional', HttpEndpoint };
      const It = { Type: 'AWS::EC2::Instance', Properties: { MetadataOptions } };
      return evaluate([ec2Imdsv2], { Resources: { It } }).findings[0]?.sentence;
    };
    expect(verdictOf({ Ref: 'Endpoint' })).toMatch(/HttpEndpoint is a deploy-time value/);
    expect(verdictOf('on')).toMatch(/HttpEndpoint is neither enabled nor disabled/);
    expect(verdictOf('enabled')).toMatch(/HttpTokens is not required/);
  });
});

describe('storage encryption in a template', () => {
  const locate = locating(rdsStorageEncryption);
  const instance = (Properties: Properties, cluster: Properties = {}) => ({
    It: { Type: 'AWS::RDS::DBInstance', Properties },
    Cluster: { Type: 'AWS::RDS::DBCluster', Properties: cluster },
  });

  it('is located at the instance', () => {
    expect(locate(instance({ StorageEncrypted: true }))).toEqual({ state: { StorageEncrypted: true }, at: 'It' });
    expect(locate(instance({}))).toEqual({ state: {}, at: 'It' });
  });

  it('is located at the cluster of the instance', () => {
    const member = { DBClusterIdentifier: { Ref: 'Cluster' } };
    expect(locate(instance(member, { StorageEncrypted: true }))).toEqual({
      state: { StorageEncrypted: true },
      at: 'Cluster',
    });
  });

  it('can be enabled for a snapshot, and comes from the source of a replica', () => {
    const restored = { StorageEncrypted: true, DBSnapshotIdentifier: 'backup' };
    expect(locate(instance(restored)).state).toEqual({ StorageEncrypted: true });
    for (const StorageEncrypted of [true, false]) {
      const replica = { StorageEncrypted: !StorageEncrypted, SourceDBInstanceIdentifier: { Ref: 'Primary' } };
      const Primary = { Type: 'AWS::RDS::DBInstance', Properties: { StorageEncrypted } };
      expect(locate({ ...instance(replica), Primary })).toEqual({ state: { StorageEncrypted }, at: 'Primary' });
    }
  });

  it.each([
    ['a cluster without the property', instance({ DBClusterIdentifier: { Ref: 'Cluster' } })],
    ['a cluster outside the template', instance({ DBClusterIdentifier: 'shared' })],
    ['a snapshot', instance({ DBSnapshotIdentifier: 'backup' })],
    [
      'a snapshot, even without encryption in the template',
      instance({ StorageEncrypted: false, DBSnapshotIdentifier: 'b' }),
    ],
    [
      'a replica of an instance outside the template',
      instance({ StorageEncrypted: true, SourceDBInstanceIdentifier: 'primary' }),
    ],
    [
      'a replica of a replica',
      {
        ...instance({ SourceDBInstanceIdentifier: { Ref: 'Primary' } }),
        Primary: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: { Ref: 'It' } } },
      },
    ],
    ['a replica whose source is not in the template', instance({ SourceDBInstanceIdentifier: { Ref: 'Primary' } })],
  ])('is unknown for %s', (_what, resources) => {
    expect(() => locate(resources)).toThrow(/this template does not (enable|set)/i);
  });
});
