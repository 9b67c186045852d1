/** What an operator may choose at `cdk deploy --parameters …`; CloudFormation remembers the values for the next deployment. */
import { Aws, CfnCondition, CfnParameter, type CfnParameterProps, Fn, Token } from 'aws-cdk-lib';
import { CfnSubscription, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { SettingName } from './functions.ts';

const URL_OR_EMPTY = {
  allowedPattern: '^(https?://[^\\s/]+(/[^\\s]*)?)?$',
  constraintDescription: 'must be an http(s) URL, or empty',
};

const MINUTES_OR_EMPTY = {
  allowedPattern: '^([1-9]\\d{0,4})?$',
  constraintDescription: 'must be a number of minutes, or empty',
};

/** The public URL is no parameter: it is the API's own, or the context's (stack-context.ts). */
type ParameterSetting = Exclude<SettingName, 'PUBLIC_URL'>;

/** Each of these parameters is the environment variable of the setting. */
const SETTING_PARAMETERS: Readonly<Record<ParameterSetting, CfnParameterProps & { readonly name: string }>> =
  {
    GITHUB_API_URL: {
      name: 'GithubApiUrl',
      description:
        'REST API of GitHub; for a GitHub Enterprise Server https://HOST/api/v3; empty: https://api.github.com',
      ...URL_OR_EMPTY,
    },
    JENKINS_URL: {
      name: 'JenkinsUrl',
      description: 'Jenkins of the projects that name none; empty: each project names its own',
      ...URL_OR_EMPTY,
    },
    HORREUM_URL: {
      name: 'HorreumUrl',
      description: 'Horreum of the projects that name none; empty: each project names its own',
      ...URL_OR_EMPTY,
    },
    ALLOWED_HOSTS: {
      name: 'AllowedHosts',
      description:
        'Comma-separated: the only hosts that a project may name as PerfLab or Horreum; empty: any',
    },
    ACCEPT_UNSIGNED_JOB_CALLBACKS: {
      name: 'AcceptUnsignedJobCallbacks',
      description: 'true takes a bare POST /job as a hint, as jobs written for the original Perf Bot send it',
      allowedValues: ['true', 'false'],
      default: 'false',
    },
    PERF_BOT_PROMPT: {
      name: 'Prompt',
      description: 'What a command begins with; empty: /perf-bot',
      allowedPattern: '^(/\\S+)?$',
      constraintDescription: 'must begin with a slash and hold no space, or be empty',
    },
    RUN_TIMEOUT_MINUTES: {
      name: 'RunTimeoutMinutes',
      description: 'When a run is stopped whose job names no timeoutMinutes; empty: 120',
      ...MINUTES_OR_EMPTY,
    },
    RESULTS_TIMEOUT_MINUTES: {
      name: 'ResultsTimeoutMinutes',
      description:
        "How long after the job's end its results may take, where the job names no resultsTimeoutMinutes; empty: 15",
      ...MINUTES_OR_EMPTY,
    },
    COMMAND_MAX_AGE_MINUTES: {
      name: 'CommandMaxAgeMinutes',
      description: 'A command that arrives later than this is answered, not run; empty: 120',
      ...MINUTES_OR_EMPTY,
    },
  };

export interface Parameters {
  readonly settings: Readonly<Record<ParameterSetting, string>>;
  readonly logLevel: string;
  readonly logRetentionDays: number;
  readonly workerMemoryMb: number;
  readonly workerConcurrency: number;
  readonly alarmEmail: CfnParameter;
}

/** Declares them on the stack. A setting whose parameter is empty is not set at all, so that the code's own default holds. */
export function declareParameters(stack: Construct): Parameters {
  const number = (name: string, props: CfnParameterProps) =>
    new CfnParameter(stack, name, { type: 'Number', ...props }).valueAsNumber;
  return {
    settings: Object.fromEntries(
      Object.entries(SETTING_PARAMETERS).map(([setting, { name, ...props }]) => [
        setting,
        valueOrAbsent(new CfnParameter(stack, name, { default: '', ...props })),
      ]),
    ) as Parameters['settings'],
    logLevel: new CfnParameter(stack, 'LogLevel', {
      description: 'How much the functions log',
      allowedValues: ['debug', 'info', 'warn', 'error'],
      default: 'info',
    }).valueAsString,
    logRetentionDays: number('LogRetentionDays', {
      description: 'How many days log lines are kept',
      allowedValues: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731].map(String),
      default: '30',
    }),
    workerMemoryMb: number('WorkerMemoryMb', {
      description: 'Memory of the two workers, in MB; CPU grows with it',
      minValue: 256,
      maxValue: 10_240,
      default: 512,
    }),
    workerConcurrency: number('WorkerConcurrency', {
      description:
        "Commands, and as many runs, worked on at once; with the account's usual limit of 1,000 functions at once, 10 is a good value",
      minValue: 2,
      maxValue: 1000,
      default: 2,
    }),
    alarmEmail: new CfnParameter(stack, 'AlarmEmail', {
      description: 'Who gets the alarms by e-mail (AWS asks for a confirmation first); empty: nobody',
      allowedPattern: '^([^@\\s]+@[^@\\s]+)?$',
      constraintDescription: 'must be an e-mail address, or empty',
      default: '',
    }),
  };
}

function valueOrAbsent(parameter: CfnParameter): string {
  return Token.asString(Fn.conditionIf(isGiven(parameter).logicalId, parameter.valueAsString, Aws.NO_VALUE));
}

function isGiven(parameter: CfnParameter): CfnCondition {
  return new CfnCondition(parameter, 'Given', {
    expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
  });
}

/** A subscription that is there only if the address is. */
export function subscribe(topic: ITopic, email: CfnParameter): void {
  const subscription = new CfnSubscription(email, 'Subscription', {
    topicArn: topic.topicArn,
    protocol: 'email',
    endpoint: email.valueAsString,
  });
  subscription.cfnOptions.condition = isGiven(email);
}
