import { HttpApi, type HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routes } from '../events/api.ts';
import { type EngineFunction, LOG_RETENTION } from './engine-function.ts';

/** The HTTP API for approvals and operator commands. IAM authenticates each caller and authorizes each route. */
export class DecisionApi extends Construct {
  readonly endpoint: string;

  constructor(scope: Construct, id: string, functions: { readonly [F in keyof typeof routes]: EngineFunction }) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: 'evenkeel',
      description: 'Evenkeel: approvals and operator commands; the evenkeel CLI signs its requests',
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
    for (const name of Object.keys(routes) as (keyof typeof routes)[]) {
      // a constant has no other keys
      const integration = new HttpLambdaIntegration(name, functions[name].function);
      for (const route of routes[name]) {
        const [method, path] = route.split(' ') as [HttpMethod, string]; // a constant of that shape
        api.addRoutes({ path, methods: [method], integration });
      }
    }
    this.endpoint = stage.url;
  }
}
