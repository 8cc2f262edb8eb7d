import { HttpApi, type HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../events/api.ts';
import { LOG_RETENTION } from './engine-function.ts';

/** The door through which people decide: an HTTP API at which AWS itself says who calls, and IAM who may. */
export class DecisionApi extends Construct {
  readonly endpoint: string;

  constructor(scope: Construct, id: string, functions: { readonly [F in keyof typeof routes]: Lambda }) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: 'evenkeel',
      description:
        'People approve, reject, halt and release repairs here; "evenkeel approve" and the like sign the call',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 20, burstLimit: 40 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(new LogGroup(this, 'Logs', { retention: LOG_RETENTION })),
      },
    });
    for (const [name, lambda] of Object.entries(functions)) {
      const integration = new HttpLambdaIntegration(name, lambda);
      for (const route of routes[name as keyof typeof functions]) {
        const [method, path] = route.split(' ') as [HttpMethod, string]; // a constant of that shape
        api.addRoutes({ path, methods: [method], integration });
      }
    }
    this.endpoint = stage.url;
  }
}
